namespace Pipeline.Rendering.Clothing;

/// <summary>What the legs are in.</summary>
internal enum Bottom
{
    Trousers,
    Shorts,
    Skirt,
    Dress,
}

/// <summary>What is carried.</summary>
internal enum Bag
{
    None,
    Backpack,
    Shoulder,
    LeftHand,
    RightHand,
    Carriers,
    Trolley,
}

/// <summary>What is on the head.</summary>
internal enum Hat
{
    None,
    Cap,
    Beanie,
    Brim,
    Fedora,
}

/// <summary>The upper garment.</summary>
internal sealed record UpperWear
{
    /// <summary>A suit mesh that dresses the whole body; null: garments are made from shells.</summary>
    public string? Suit { get; init; }

    /// <summary>A coat, with a lower part.</summary>
    public bool Coat { get; init; }

    public required Fabric Fabric { get; init; }

    /// <summary>0 no sleeves, 1 to the wrist.</summary>
    public float SleeveLength { get; init; }

    /// <summary>Where it ends, as <see cref="ClothMap.Drop"/>.</summary>
    public float HemDrop { get; init; }

    /// <summary>Distance from the body, decimetres.</summary>
    public float Looseness { get; init; }

    /// <summary>How fast it may draw in downwards, as of <see cref="Drape"/>.</summary>
    public float Taper { get; init; }

    /// <summary>An open jacket over it.</summary>
    public Jacket? Jacket { get; init; }

    /// <summary>Radius of the neckline.</summary>
    public float Neckline { get; init; }

    public float Folds { get; init; }

    public bool Hood { get; init; }

    public bool HoodUp { get; init; }

    /// <summary>Colour of a scarf.</summary>
    public Vector3? Scarf { get; init; }
}

/// <summary>A jacket worn open over the upper garment.</summary>
/// <param name="Fabric">Its cloth.</param>
/// <param name="Looseness">Distance from what is beneath.</param>
/// <param name="Taper">As of <see cref="Drape"/>.</param>
/// <param name="SleeveLength">0 none (a waistcoat), 1 to the wrist.</param>
/// <param name="HemDrop">Where it ends.</param>
/// <param name="Opening">Half width of the open front, decimetres.</param>
/// <param name="Folds">Depth of folds.</param>
internal sealed record Jacket(Fabric Fabric, float Looseness, float Taper, float SleeveLength, float HemDrop, float Opening, float Folds);

/// <summary>The lower garment and shoes.</summary>
internal sealed record LowerWear
{
    public Bottom Bottom { get; init; }

    public required Fabric Fabric { get; init; }

    /// <summary>Where trousers end, as <see cref="ClothMap.Drop"/>.</summary>
    public float LegLength { get; init; }

    public float Looseness { get; init; }

    public float Flare { get; init; }

    /// <summary>How fast legs may draw in downwards, as of <see cref="Drape"/>.</summary>
    public float Taper { get; init; }

    public float Folds { get; init; }

    public float SkirtLength { get; init; }

    public float SkirtWidth { get; init; }

    /// <summary>Colour of tights beneath a skirt.</summary>
    public Vector3? Tights { get; init; }

    public required string Shoes { get; init; }

    public Vector3 ShoeColour { get; init; }

    public bool Boots { get; init; }
}

/// <summary>Hair.</summary>
internal sealed record HairStyle
{
    /// <summary>Hair mesh; null: cropped, painted on the scalp.</summary>
    public string? Mesh { get; init; }

    public Vector3 Colour { get; init; }
}

/// <summary>Bags, hats and the like.</summary>
internal sealed record Accessories
{
    public Bag Bag { get; init; }

    public Vector3 BagColour { get; init; }

    public Vector3 BagSecondColour { get; init; }

    public Vector3 BagSize { get; init; }

    public Hat Hat { get; init; }

    public Vector3 HatColour { get; init; }

    /// <summary>Colour of an umbrella.</summary>
    public Vector3? Umbrella { get; init; }

    public Vector3? Mask { get; init; }

    public bool Glasses { get; init; }
}

/// <summary>All that makes up a person's look. Look-alikes share parts of it.</summary>
internal sealed record Look
{
    public required Physique Physique { get; init; }

    public required HairStyle Hair { get; init; }

    public required UpperWear Upper { get; init; }

    public required LowerWear Lower { get; init; }

    public required Accessories Accessories { get; init; }

    /// <summary>Seed of what is decided when dressing.</summary>
    public required ulong Seed { get; init; }

    /// <summary>What the hands are busy with.</summary>
    public Burden Burden => new(
        Accessories.Bag is Bag.LeftHand or Bag.Carriers, Accessories.Bag is Bag.RightHand or Bag.Carriers or Bag.Trolley,
        Accessories.Umbrella is not null, Accessories.Bag is Bag.Backpack or Bag.Shoulder);
}

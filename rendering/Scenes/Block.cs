namespace Pipeline.Rendering.Scenes;

/// <summary>A box that stands in the scene: a house, a car, a kiosk, a post.</summary>
/// <param name="Low">Its least corner.</param>
/// <param name="High">Its greatest corner.</param>
/// <param name="Cover">What it is made of.</param>
internal readonly record struct Block(Vector3 Low, Vector3 High, Cover Cover)
{
    /// <summary>Where a ray enters the box, in ray lengths, and the axis of the face; nothing when it misses or starts inside.</summary>
    public bool Hit(Vector3 origin, Vector3 inverse, out float at, out int axis)
    {
        Vector3 first = (Low - origin) * inverse, second = (High - origin) * inverse, near = Vector3.Min(first, second), far = Vector3.Max(first, second);
        axis = near.X >= near.Y ? (near.X >= near.Z ? 0 : 2) : near.Y >= near.Z ? 1 : 2;
        at = MathF.Max(near.X, MathF.Max(near.Y, near.Z));
        return at > 1 && at < MathF.Min(far.X, MathF.Min(far.Y, far.Z));
    }

    /// <summary>False when the box is certainly outside a picture of this size.</summary>
    public bool MayShow(in View view, int width, int height)
    {
        (Vector2 low, Vector2 high) = (new Vector2(float.MaxValue), new Vector2(float.MinValue));
        for (int corner = 0; corner < 8; corner++)
        {
            Vector3 point = new((corner & 1) > 0 ? High.X : Low.X, (corner & 2) > 0 ? High.Y : Low.Y, (corner & 4) > 0 ? High.Z : Low.Z);
            if (Vector3.Dot(point - view.Eye, view.Forward) < 1)
            {
                return true; // reaches behind the camera
            }

            Vector3 at = view.Project(point);
            low = Vector2.Min(low, new Vector2(at.X, at.Y));
            high = Vector2.Max(high, new Vector2(at.X, at.Y));
        }

        return high.X > 0 && low.X < width && high.Y > 0 && low.Y < height;
    }
}

namespace Pipeline.Rendering.Bodies;

/// <summary>Blends the shape targets to a physique, as MakeHuman's macro parameters do: sex × age × muscle × weight × height.</summary>
internal static class BodyShaper
{
    /// <summary>The vertices of a body.</summary>
    public static Vector3[] Shape(Vector3[] neutral, ShapeTargets targets, Physique physique)
    {
        Vector3[] vertices = (Vector3[])neutral.Clone();
        foreach ((string sex, float sexShare) in (ReadOnlySpan<(string, float)>)[("female", 1 - physique.Maleness), ("male", physique.Maleness)])
        {
            foreach ((string age, float ageShare) in Ages(physique.Age))
            {
                if (sexShare * ageShare >= .01f)
                {
                    Apply(vertices, targets, physique, sex, age, sexShare * ageShare);
                }
            }
        }

        foreach ((string target, float weight) in physique.Extra)
        {
            targets.Apply(vertices, target, weight);
        }

        return vertices;
    }

    private static void Apply(Vector3[] vertices, ShapeTargets targets, Physique physique, string sex, string age, float share)
    {
        targets.Apply(vertices, $"macrodetails/african-{sex}-{age}", share * physique.Features.X);
        targets.Apply(vertices, $"macrodetails/asian-{sex}-{age}", share * physique.Features.Y);
        targets.Apply(vertices, $"macrodetails/caucasian-{sex}-{age}", share * physique.Features.Z);
        foreach ((string muscle, float muscleShare) in Levels(physique.Muscle, "muscle"))
        {
            foreach ((string weight, float weightShare) in Levels(physique.Weight, "weight"))
            {
                float part = share * muscleShare * weightShare;
                string build = $"{sex}-{age}-{muscle}-{weight}";
                targets.Apply(vertices, $"macrodetails/universal-{build}", part);
                string height = physique.Height < .5f ? "minheight" : "maxheight";
                targets.Apply(vertices, $"macrodetails/height/{build}-{height}", part * MathF.Abs((2 * physique.Height) - 1));
                string proportion = physique.Proportion < .5f ? "uncommonproportions" : "idealproportions";
                targets.Apply(vertices, $"macrodetails/proportions/{build}-{proportion}", part * MathF.Abs((2 * physique.Proportion) - 1));
            }
        }
    }

    private static (string, float)[] Ages(float age) => age < .25f
        ? [("child", 1 - (4 * age)), ("young", 4 * age)]
        : [("young", 1 - ((age - .25f) / .75f)), ("old", (age - .25f) / .75f)];

    private static (string, float)[] Levels(float value, string name) => value < .5f
        ? [("min" + name, 1 - (2 * value)), ("average" + name, 2 * value)]
        : [("average" + name, 2 - (2 * value)), ("max" + name, (2 * value) - 1)];
}

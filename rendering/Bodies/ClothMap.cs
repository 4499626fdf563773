namespace Pipeline.Rendering.Bodies;

/// <summary>
/// Cloth coordinates of every vertex of the neutral body: where on the surface it is (decimetres round and along), how far down an arm
/// and how far down the legs. Patterns, hems and sleeves are said in them, so they fit every shape and pose.
/// </summary>
internal sealed class ClothMap
{
    /// <summary>Circumference given to the trunk; pattern periods divide it.</summary>
    public const float TrunkPeriod = 10;

    private const float LegPeriod = 5;
    private const float ArmPeriod = 2.5f;
    private const float ShoulderHeight = 5.5f;

    /// <summary>Length of an arm, shoulder to wrist.</summary>
    public const float ArmLength = 4.6f;

    /// <summary>From the hip joint to the ankle.</summary>
    public const float LegLength = 7.94f;

    private readonly Vector3[] _joints;
    private readonly Skeleton _skeleton;

    /// <summary>Works the coordinates out.</summary>
    public ClothMap(MeshFile body, Skeleton skeleton)
    {
        _skeleton = skeleton;
        _joints = skeleton.Place(body.Vertices);
        int count = body.Vertices.Length;
        (Around, Along, Period, Arm, Drop) = (new float[count], new float[count], new float[count], new float[count], new float[count]);
        int[] arm = [.. skeleton.Names.Select(ArmOf)];
        bool[] leg = [.. skeleton.Names.Select(IsLeg)];
        float hip = _joints[skeleton["upperleg01.L"]].Y, ankle = _joints[skeleton["foot.L"]].Y;
        for (int i = 0; i < count; i++)
        {
            Vector3 at = body.Vertices[i];
            (float armShare, float legShare, int side) = Shares(body, i, arm, leg);
            Drop[i] = (hip - at.Y) / (hip - ankle);
            Arm[i] = -1;
            if (armShare > .5f)
            {
                MapArm(i, at, side == 1 ? ".L" : ".R");
            }
            else if (legShare > .5f)
            {
                float centre = (at.X > 0 ? 1 : -1) * (1.1f + (.9f * MathF.Max(0, Drop[i])));
                Set(i, LegPeriod, MathF.Atan2(at.X - centre, at.Z - .2f), at.Y);
            }
            else
            {
                Set(i, TrunkPeriod, MathF.Atan2(at.X, at.Z), at.Y);
            }
        }
    }

    /// <summary>Round the limb or trunk, from -period/2 (back) over 0 (front) to period/2.</summary>
    public float[] Around { get; }

    /// <summary>Height; on arms it runs on from the shoulder downwards.</summary>
    public float[] Along { get; }

    /// <summary>Where <see cref="Around"/> comes back to itself.</summary>
    public float[] Period { get; }

    /// <summary>0 at the shoulder to 1 at the wrist; -1 where it is no arm.</summary>
    public float[] Arm { get; }

    /// <summary>0 at the hip joint, 1 at the ankle, negative above.</summary>
    public float[] Drop { get; }

    private static int ArmOf(string joint) =>
        joint.StartsWith("upperarm", StringComparison.Ordinal) || joint.StartsWith("lowerarm", StringComparison.Ordinal)
        || joint.StartsWith("wrist", StringComparison.Ordinal) || joint.StartsWith("finger", StringComparison.Ordinal)
        || joint.StartsWith("metacarpal", StringComparison.Ordinal)
            ? joint.EndsWith(".L", StringComparison.Ordinal) ? 1 : 2
            : 0;

    private static bool IsLeg(string joint) =>
        joint.StartsWith("upperleg", StringComparison.Ordinal) || joint.StartsWith("lowerleg", StringComparison.Ordinal)
        || joint.StartsWith("foot", StringComparison.Ordinal) || joint.StartsWith("toe", StringComparison.Ordinal);

    private static (float Arm, float Leg, int Side) Shares(MeshFile body, int vertex, int[] arm, bool[] leg)
    {
        (float armShare, float legShare, int side) = (0, 0, 0);
        for (int k = 4 * vertex; k < (4 * vertex) + 4; k++)
        {
            int joint = body.SkinJoints[k];
            float weight = body.SkinWeights[k];
            if (weight > 0 && arm[joint] > 0)
            {
                armShare += weight;
                side = arm[joint];
            }

            legShare += weight > 0 && leg[joint] ? weight : 0;
        }

        return (armShare, legShare, side);
    }

    private void MapArm(int vertex, Vector3 at, string side)
    {
        Vector3 shoulder = _joints[_skeleton["upperarm01" + side]], elbow = _joints[_skeleton["lowerarm01" + side]], wrist = _joints[_skeleton["wrist" + side]];
        float upper = Vector3.Dot(at - shoulder, elbow - shoulder) / (elbow - shoulder).LengthSquared();
        float lower = Vector3.Dot(at - elbow, wrist - elbow) / (wrist - elbow).LengthSquared();
        bool below = lower > 0 && upper > .9f;
        Arm[vertex] = below ? .5f + (.5f * lower) : .5f * Math.Clamp(upper, 0, 1);
        Vector3 axis = Vector3.Normalize(below ? wrist - elbow : elbow - shoulder), from = at - (below ? elbow : shoulder);
        Vector3 first = Vector3.Normalize(Vector3.Cross(axis, Vector3.UnitZ)), second = Vector3.Cross(axis, first);
        Set(vertex, ArmPeriod, MathF.Atan2(Vector3.Dot(from, first), Vector3.Dot(from, second)), ShoulderHeight - (Arm[vertex] * ArmLength));
    }

    private void Set(int vertex, float period, float angle, float along)
    {
        Period[vertex] = period;
        Around[vertex] = angle / MathF.Tau * period;
        Along[vertex] = along;
    }
}

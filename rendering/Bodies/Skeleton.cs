using System.Text.Json;

namespace Pipeline.Rendering.Bodies;

/// <summary>Joints by name, their place in a body of any shape, and the poses that come with the body.</summary>
internal sealed class Skeleton
{
    private readonly SkeletonFile _file;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<int, Quaternion>> _poses = new(StringComparer.Ordinal);

    /// <summary>Takes the skeleton of a body file and reads the poses.</summary>
    public Skeleton(SkeletonFile file, string poses)
    {
        _file = file;
        for (int i = 0; i < file.Names.Length; i++)
        {
            _numbers[file.Names[i]] = i;
        }

        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(poses));
        foreach (JsonProperty pose in document.RootElement.EnumerateObject())
        {
            _poses[pose.Name] = Rotations(pose.Value);
        }
    }

    /// <summary>How many joints there are.</summary>
    public int Count => _file.Parents.Length;

    /// <summary>Names of the joints, by number.</summary>
    public IReadOnlyList<string> Names => _file.Names;

    /// <summary>Number of a joint.</summary>
    public int this[string name] => _numbers[name];

    /// <summary>Parent of a joint, -1 for the root.</summary>
    public int Parent(int joint) => _file.Parents[joint];

    /// <summary>Local rotations of a pose, by joint.</summary>
    public IReadOnlyDictionary<int, Quaternion> Pose(string name) => _poses[name];

    /// <summary>Where the joints are in a body of this shape.</summary>
    public Vector3[] Place(Vector3[] vertices)
    {
        Vector3[] joints = new Vector3[Count];
        for (int b = 0; b < Count; b++)
        {
            Vector3 sum = default;
            foreach (int i in _file.Vertices[b])
            {
                sum += vertices[i];
            }

            joints[b] = sum / _file.Vertices[b].Length;
        }

        return joints;
    }

    private Dictionary<int, Quaternion> Rotations(JsonElement pose)
    {
        Dictionary<int, Quaternion> rotations = [];
        foreach (JsonProperty joint in pose.EnumerateObject())
        {
            JsonElement q = joint.Value;
            if (_numbers.TryGetValue(joint.Name, out int number) && q.ValueKind == JsonValueKind.Array && q.GetArrayLength() == 4)
            {
                rotations[number] = new Quaternion(q[0].GetSingle(), q[1].GetSingle(), q[2].GetSingle(), q[3].GetSingle());
            }
        }

        return rotations;
    }
}

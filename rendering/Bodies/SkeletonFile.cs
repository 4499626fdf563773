using System.Text.Json;

namespace Pipeline.Rendering.Bodies;

/// <summary>The skeleton as the body's file has it.</summary>
/// <param name="Names">Names of the joints.</param>
/// <param name="Parents">Parent of each joint, -1 for the root; a parent comes before its children.</param>
/// <param name="Vertices">The vertices whose mean is the joint: they move with the shape of the body, and the joint with them.</param>
internal sealed record SkeletonFile(string[] Names, int[] Parents, int[][] Vertices)
{
    private const string HeadSuffix = "____head";

    /// <summary>Reads bones (pairs of head and tail; the heads carry the rotations) and the table of joints.</summary>
    public static SkeletonFile Read(JsonElement bones, JsonElement positions)
    {
        int count = bones.GetArrayLength() / 2;
        SkeletonFile skeleton = new(new string[count], new int[count], new int[count][]);
        for (int b = 0; b < count; b++)
        {
            JsonElement bone = bones[2 * b];
            string name = bone.GetProperty("name").GetString()!;
            int parent = bone.GetProperty("parent").GetInt32();
            skeleton.Names[b] = name.Replace(HeadSuffix, "", StringComparison.Ordinal);
            skeleton.Parents[b] = parent < 0 ? -1 : parent / 2;
            skeleton.Vertices[b] = [.. positions.GetProperty(name).EnumerateArray().Select(x => x.GetInt32())];
        }

        return skeleton;
    }
}

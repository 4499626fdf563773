namespace Pipeline.Rendering.Bodies;

/// <summary>A posture to turns and places of joints. Rest frames are axis-aligned: a joint's turn is its parent's times its own.</summary>
/// <param name="skeleton">The skeleton.</param>
internal sealed class PoseSolver(Skeleton skeleton)
{
    private readonly Quaternion[] _own = new Quaternion[skeleton.Count];

    /// <summary>Turn of each joint in the body's frame.</summary>
    public Quaternion[] Turns { get; } = new Quaternion[skeleton.Count];

    /// <summary>Place of each joint.</summary>
    public Vector3[] Places { get; } = new Vector3[skeleton.Count];

    /// <summary>Solves a posture for a body whose joints rest here.</summary>
    public void Solve(Vector3[] joints, Pose pose)
    {
        Array.Fill(_own, Quaternion.Identity);
        if (pose.Base is not null)
        {
            foreach ((int joint, Quaternion turn) in skeleton.Pose(pose.Base))
            {
                _own[joint] = turn;
            }
        }

        Turn("spine04", pose.Lean * .5f, pose.Twist * .5f, 0);
        Turn("spine02", pose.Lean * .5f, pose.Twist, pose.Side);
        Turn("neck01", pose.HeadPitch * .4f, pose.HeadYaw * .3f, 0);
        Turn("head", pose.HeadPitch * .6f, pose.HeadYaw * .7f, pose.HeadRoll);
        SolveSide(joints, pose, ".L", 1, pose.LeftArm, pose.LeftLeg);
        SolveSide(joints, pose, ".R", -1, pose.RightArm, pose.RightLeg);
        for (int b = 0; b < skeleton.Count; b++)
        {
            int parent = skeleton.Parent(b);
            Turns[b] = parent < 0 ? _own[b] : Quaternion.Normalize(Turns[parent] * _own[b]);
            Places[b] = parent < 0 ? joints[b] : Places[parent] + Vector3.Transform(joints[b] - joints[parent], Turns[parent]);
        }
    }

    private void Turn(string joint, float pitch, float yaw, float roll)
    {
        int b = skeleton[joint];
        _own[b] = Quaternion.CreateFromYawPitchRoll(yaw, pitch, roll) * _own[b];
    }

    private void SolveSide(Vector3[] joints, Pose pose, string side, float sign, ArmPose? arm, LegPose leg)
    {
        if (arm is { } held)
        {
            SolveArm(joints, side, sign, held);
        }

        if (pose.Base is null)
        {
            SolveLeg(joints, pose, side, sign, leg);
        }
    }

    private void SolveArm(Vector3[] joints, string side, float sign, ArmPose arm)
    {
        int upper = skeleton["upperarm01" + side], lower = skeleton["lowerarm01" + side], wrist = skeleton["wrist" + side];
        foreach (string between in (ReadOnlySpan<string>)["clavicle", "shoulder01", "upperarm02", "lowerarm02", "wrist"])
        {
            _own[skeleton[between + side]] = Quaternion.Identity;
        }

        Quaternion first = Arc(
            joints[lower] - joints[upper],
            new Vector3(sign * MathF.Sin(arm.Out), -MathF.Cos(arm.Out) * MathF.Cos(arm.Swing), MathF.Cos(arm.Out) * MathF.Sin(arm.Swing)));
        float bent = arm.Swing + arm.Elbow;
        Quaternion second = Arc(Vector3.Transform(joints[wrist] - joints[lower], first), new Vector3(-sign * arm.In, -MathF.Cos(bent), MathF.Sin(bent)));
        _own[upper] = first;
        _own[lower] = Quaternion.Conjugate(first) * second * first;
    }

    private void SolveLeg(Vector3[] joints, Pose pose, string side, float sign, LegPose leg)
    {
        int upper = skeleton["upperleg01" + side], lower = skeleton["lowerleg01" + side], foot = skeleton["foot" + side];
        Quaternion splay = Quaternion.CreateFromAxisAngle(Vector3.UnitY, sign * pose.Splay);
        Quaternion first = splay * Arc(joints[lower] - joints[upper], new Vector3(sign * pose.Stance, -MathF.Cos(leg.Hip), MathF.Sin(leg.Hip)));
        float bent = leg.Hip - leg.Knee;
        Quaternion second = Arc(Vector3.Transform(joints[foot] - joints[lower], first), new Vector3(sign * pose.Stance, -MathF.Cos(bent), MathF.Sin(bent)));
        _own[upper] = first;
        _own[lower] = Quaternion.Conjugate(first) * second * first;
        _own[foot] = Quaternion.Conjugate(second * first) * (Quaternion.CreateFromAxisAngle(Vector3.UnitX, leg.Foot) * splay);
    }

    // The shortest turn from one direction to another.
    private static Quaternion Arc(Vector3 from, Vector3 to)
    {
        from = Vector3.Normalize(from);
        to = Vector3.Normalize(to);
        float cosine = Vector3.Dot(from, to);
        return cosine > .9999f ? Quaternion.Identity : Quaternion.Normalize(new Quaternion(Vector3.Cross(from, to), 1 + cosine));
    }
}

namespace Pipeline.Rendering.Bodies;

/// <summary>How an arm is held, radians: swung forward, held away from the side, elbow bent, forearm turned in.</summary>
internal readonly record struct ArmPose(float Swing, float Out, float Elbow, float In);

/// <summary>How a leg is held, radians: hip forward, knee bent, foot tipped.</summary>
internal readonly record struct LegPose(float Hip, float Knee, float Foot);

/// <summary>What hands are busy with: decides how arms are held.</summary>
internal readonly record struct Burden(bool LeftHand, bool RightHand, bool Umbrella, bool Strap);

/// <summary>A posture.</summary>
internal sealed record Pose
{
    /// <summary>Pose of the package that this starts from; null: legs are as said here.</summary>
    public string? Base { get; init; }

    /// <summary>Null: as in <see cref="Base"/>.</summary>
    public ArmPose? LeftArm { get; init; }

    public ArmPose? RightArm { get; init; }

    public LegPose LeftLeg { get; init; }

    public LegPose RightLeg { get; init; }

    /// <summary>Legs apart, sideways.</summary>
    public float Stance { get; init; }

    /// <summary>Toes out.</summary>
    public float Splay { get; init; }

    /// <summary>Trunk bent forward.</summary>
    public float Lean { get; init; }

    public float Twist { get; init; }

    public float Side { get; init; }

    public float HeadYaw { get; init; }

    public float HeadPitch { get; init; }

    public float HeadRoll { get; init; }
}

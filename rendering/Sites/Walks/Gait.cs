namespace Pipeline.Rendering.Sites.Walks;

/// <summary>How a person moves: the same all day. Legs follow the way walked, so that feet do not slide.</summary>
internal sealed class Gait
{
    private const float StepAtRest = .19f; // of a person's height; a step grows with speed
    private const float StepOfSpeed = .013f;
    private const float LegShare = .51f; // of a person's height, hip to sole
    private readonly Burden _burden;
    private readonly float _lift;
    private readonly float _armSwing;
    private readonly ArmPose _left;
    private readonly ArmPose _right;
    private readonly bool _leftFixed;
    private readonly bool _rightFixed;
    private readonly float _lean;
    private readonly float _splay;
    private readonly float _stance;
    private readonly float _headPitch;
    private readonly float _phase;

    /// <summary>Draws one.</summary>
    /// <param name="random">Its stream.</param>
    /// <param name="burden">What the hands carry.</param>
    public Gait(SeededRandom random, Burden burden)
    {
        _burden = burden;
        _lift = random.Uniform(.6f, .95f);
        _armSwing = random.Uniform(.5f, 1.1f);
        _lean = random.Uniform(0, .09f);
        _splay = random.Uniform(0, .2f);
        _stance = random.Uniform(-.01f, .05f);
        _headPitch = random.Uniform(0, .16f);
        _phase = random.Uniform(0, MathF.Tau);
        (_left, _leftFixed) = DrawArm(random, burden.LeftHand);
        (_right, _rightFixed) = burden.Umbrella ? (new ArmPose(.3f, .2f, 1.9f, .1f), true)
            : burden.Strap && random.Chance(.2f) ? (new ArmPose(.1f, .25f, 2.2f, .35f), true) : DrawArm(random, burden.RightHand);
    }

    /// <summary>The posture of a moment.</summary>
    /// <param name="where">What the body does.</param>
    /// <param name="height">Of the person, decimetres.</param>
    /// <param name="time">Seconds, for what moves by itself: the head.</param>
    public Pose At(in Whereabouts where, float height, double time)
    {
        float step = (StepAtRest + (StepOfSpeed * where.Speed)) * height, stride = MathF.Asin(MathF.Min(.5f, step / (2 * LegShare * height))) * where.Stir;
        float phase = (MathF.PI * where.Walked / step) + _phase, lift = _lift * MathF.Min(1, stride / .25f), swing = stride * _armSwing * MathF.Sin(phase);
        float look = (MathF.Sin((float)(time * .37) + _phase) * .22f) + (MathF.Sin((float)(time * .91) + (2 * _phase)) * .12f);
        LegPose left = PoseDraw.Step(phase, stride, lift), right = PoseDraw.Step(phase + MathF.PI, stride, lift), seat = new(1.42f, 1.5f, .05f);
        return new Pose
        {
            LeftLeg = Blend(left, seat, where.Seated), RightLeg = Blend(right, seat, where.Seated), Splay = _splay, Stance = _stance + (.06f * (1 - where.Stir)),
            Lean = _lean + (.1f * where.Seated), Twist = .12f * MathF.Sin(phase) * where.Stir, HeadYaw = look * (1.6f - where.Stir), HeadPitch = _headPitch + (.15f * where.Seated),
            LeftArm = Arm(_left, _leftFixed, -swing, where.Seated), RightArm = Arm(_right, _rightFixed, swing, where.Seated),
        };
    }

    private static (ArmPose Arm, bool IsFixed) DrawArm(SeededRandom random, bool handFull)
    {
        ArmPose plain = new(0, random.Uniform(.05f, .2f), random.Uniform(.12f, .45f), random.Uniform(-.05f, .15f));
        return handFull ? (plain with { Elbow = random.Uniform(.05f, .3f) }, false) : random.Weighted(.76f, .12f, .12f) switch
        {
            1 => (new ArmPose(random.Uniform(-.4f, -.15f), random.Uniform(.22f, .4f), random.Uniform(.7f, 1.1f), random.Uniform(.2f, .45f)), true), // hand in pocket
            2 => (new ArmPose(random.Uniform(0, .4f), plain.Out, random.Uniform(1.2f, 1.7f), random.Uniform(.2f, .7f)), true), // telephone before the chest
            _ => (plain, false),
        };
    }

    private ArmPose Arm(ArmPose habit, bool isFixed, float swing, float seated)
    {
        float share = isFixed ? 0 : _burden is { LeftHand: false, RightHand: false } ? 1 : .4f;
        ArmPose lap = new(.35f, .15f, .9f, .3f), moving = habit with { Swing = habit.Swing + (swing * share) };
        return new ArmPose(
            float.Lerp(moving.Swing, lap.Swing, seated), float.Lerp(moving.Out, lap.Out, seated), float.Lerp(moving.Elbow, lap.Elbow, seated), float.Lerp(moving.In, lap.In, seated));
    }

    private static LegPose Blend(LegPose one, LegPose other, float share) =>
        new(float.Lerp(one.Hip, other.Hip, share), float.Lerp(one.Knee, other.Knee, share), float.Lerp(one.Foot, other.Foot, share));
}

namespace Pipeline.Rendering.Bodies;

/// <summary>Draws postures: mostly walking, some standing.</summary>
internal static class PoseDraw
{
    /// <summary>Draws one for somebody who carries this.</summary>
    public static Pose Draw(SeededRandom random, Burden burden)
    {
        Pose pose = new()
        {
            HeadYaw = random.Normal() * .3f, HeadPitch = (random.Normal() * .12f) + .08f, HeadRoll = random.Normal() * .05f,
            Splay = random.Uniform(0, .2f), Lean = random.Uniform(0, .1f),
        };
        float phase = random.Uniform(0, MathF.Tau), stride = 0;
        int kind = random.Weighted(.7f, .22f, .08f);
        if (kind == 0)
        {
            stride = random.Uniform(.12f, .36f);
            pose = Walk(pose, random, phase, stride);
        }
        else if (kind == 1)
        {
            pose = Stand(pose, random);
        }
        else
        {
            pose = pose with { Base = random.Pick("standing01", "standing02"), Lean = 0 };
        }

        return WithArms(pose, random, burden, phase, stride, freeArms: kind == 2);
    }

    private static Pose Walk(Pose pose, SeededRandom random, float phase, float stride)
    {
        float lift = random.Uniform(.5f, .95f) * MathF.Min(1, stride / .25f);
        return pose with
        {
            LeftLeg = Step(phase, stride, lift), RightLeg = Step(phase + MathF.PI, stride, lift), Twist = .12f * MathF.Sin(phase), Stance = random.Uniform(-.02f, .05f),
        };
    }

    /// <summary>A leg at a phase of the walk, radians; the other one is half a turn behind.</summary>
    internal static LegPose Step(float phase, float stride, float lift)
    {
        float swing = MathF.Max(0, MathF.Cos(phase + .35f)), bent = swing * swing;
        return new LegPose((stride * MathF.Sin(phase)) + .05f, .1f + (lift * bent), ((.1f - (.4f * MathF.Sin(phase))) * stride / .5f) + (.35f * bent));
    }

    private static Pose Stand(Pose pose, SeededRandom random)
    {
        float left = random.Uniform(-.05f, .15f), right = random.Uniform(-.05f, .15f);
        return pose with
        {
            Stance = random.Uniform(.02f, .14f), LeftLeg = new LegPose(left, left + .03f, 0), RightLeg = new LegPose(right, right + .03f, 0),
            Twist = random.Normal() * .1f, Side = random.Normal() * .03f, HeadPitch = random.Chance(.25f) ? .5f : pose.HeadPitch, // some look down at a telephone
        };
    }

    private static Pose WithArms(Pose pose, SeededRandom random, Burden burden, float phase, float stride, bool freeArms)
    {
        float swing = stride * random.Uniform(.5f, 1.1f) * MathF.Sin(phase);
        ArmPose left = Arm(random, -swing, burden.LeftHand), right = Arm(random, swing, burden.RightHand);
        if (burden.Umbrella)
        {
            right = new ArmPose(.3f, .2f, 1.9f, .1f);
        }

        if (burden.Strap && random.Chance(.25f))
        {
            right = new ArmPose(.1f, .25f, 2.2f, .35f); // a hand at the strap
        }

        bool asGiven = freeArms && random.Chance(.5f) && burden is { LeftHand: false, RightHand: false, Umbrella: false };
        return asGiven ? pose : pose with { LeftArm = left, RightArm = right };
    }

    private static ArmPose Arm(SeededRandom random, float swing, bool handFull)
    {
        ArmPose plain = new(swing, random.Uniform(.05f, .22f), random.Uniform(.12f, .5f), random.Uniform(-.05f, .15f));
        if (handFull)
        {
            return plain with { Swing = swing * .3f, Elbow = random.Uniform(.05f, .3f) };
        }

        return random.Weighted(.66f, .11f, .1f, .06f, .04f, .03f) switch
        {
            1 => new ArmPose(random.Uniform(-.45f, -.15f), random.Uniform(.22f, .42f), random.Uniform(.7f, 1.1f), random.Uniform(.2f, .45f)), // hand in pocket
            2 => new ArmPose(random.Uniform(0, .4f), plain.Out, random.Uniform(1.2f, 1.7f), random.Uniform(.2f, .7f)), // telephone before the chest
            3 => new ArmPose(random.Uniform(.1f, .5f), random.Uniform(.2f, .6f), random.Uniform(2.1f, 2.5f), random.Uniform(.2f, .5f)), // telephone at the ear
            4 => new ArmPose(random.Uniform(-.2f, .1f), plain.Out, random.Uniform(1.2f, 1.5f), random.Uniform(1, 2)), // across the belly
            5 => new ArmPose(random.Uniform(.3f, .8f), random.Uniform(.1f, .5f), random.Uniform(.2f, 1.2f), plain.In), // pointing
            _ => plain,
        };
    }
}

using Pipeline.Tracker;

namespace Pipeline.Tests.Tracker;

public sealed class RelevanceFeedbackTests
{
    private const float Near = 0.8f;
    private const float Most = 0.05f;

    [Fact]
    public void Nothing_said_says_nothing()
    {
        Assert.True(RelevanceFeedback.None.IsEmpty);
        Assert.Equal(0, RelevanceFeedback.None.Evidence([], [], Near, Most));
    }

    [Theory]
    [InlineData(2, 38, -0.05f)] // one on each side
    [InlineData(38, 2, -0.05f)] // either way round
    [InlineData(19, 38, -0.0123f)] // hardly nearer to the one than to the other: by as much as it is nearer
    [InlineData(2, 12, 0)] // both on one side
    [InlineData(22, 38, 0)]
    [InlineData(-45, 38, 0)] // like nobody who was judged
    public void Two_told_apart_speak_against_pairs_with_one_like_each(float one, float other, float expected) =>
        Assert.Equal(expected, Evidence(new JudgedPair(Vector(0), Vector(40), Same: false), one, other), 1e-3f);

    [Theory]
    [InlineData(0, 40, 0.05f)]
    [InlineData(0, 58, 0.0377f)] // cosine 0.951 to the second
    [InlineData(0, 90, 0)]
    [InlineData(-60, 40, 0)]
    public void Two_sights_of_one_person_speak_for_pairs_with_one_like_each(float one, float other, float expected) =>
        Assert.Equal(expected, Evidence(new JudgedPair(Vector(0), Vector(40), Same: true), one, other), 1e-3f);

    private static float Evidence(JudgedPair said, float one, float other)
    {
        RelevanceFeedback feedback = new([said]);
        return feedback.Evidence(feedback.Likenesses(Vector(one)), feedback.Likenesses(Vector(other)), Near, Most);
    }

    private static float[] Vector(float degrees) => [MathF.Cos(degrees * MathF.PI / 180), MathF.Sin(degrees * MathF.PI / 180)];
}

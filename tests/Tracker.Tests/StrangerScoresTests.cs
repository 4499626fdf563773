using Pipeline.Tracker;

namespace Pipeline.Tests.Tracker;

public sealed class StrangerScoresTests
{
    [Fact]
    public void Strangers_who_are_more_alike_between_two_cameras_raise_what_is_asked_there_and_lower_it_elsewhere()
    {
        StrangerScores scores = new();
        for (int pair = 0; pair < 100; pair++)
        {
            scores.Add("hall", "door", 0.5f);
            scores.Add("yard", "hall", 0.3f);
        }

        Assert.Equal(0.1 * 100 / 150, scores.Shift("door", "hall"), 1e-6);
        Assert.Equal(-0.1 * 100 / 150, scores.Shift("hall", "yard"), 1e-6);
        Assert.Equal(0, scores.Shift("door", "yard"));
    }

    [Fact]
    public void Few_strangers_say_nothing()
    {
        StrangerScores scores = new();
        for (int pair = 0; pair < 19; pair++)
        {
            scores.Add("hall", "door", 0.5f);
            scores.Add("yard", "hall", 0.3f);
        }

        for (int pair = 0; pair < 99; pair++)
        {
            scores.AddAbove(oneCamera: false, -0.5f);
        }

        Assert.Equal(0, scores.Shift("door", "hall"));
        Assert.Equal(0, scores.Level(oneCamera: false));
    }

    [Theory]
    [InlineData(-0.5f, -0.1)] // the most that it goes down
    [InlineData(-0.052f, -0.05)] // the upper end of a step of 0.005
    [InlineData(0.2f, 0)] // never up
    public void The_level_goes_to_where_one_in_a_hundred_strangers_reaches_it(float best, double level)
    {
        StrangerScores scores = new();
        for (int pair = 0; pair < 300; pair++)
        {
            scores.AddAbove(oneCamera: true, pair < 3 ? 0.3f : pair < 10 ? best : -0.9f);
        }

        Assert.Equal(level * 300 / 400, scores.Level(oneCamera: true), 1e-6);
        Assert.Equal(0, scores.Level(oneCamera: false));
    }

    [Fact]
    public void What_is_stored_comes_back_to_the_bit_and_travel_times_of_before_too()
    {
        LearnedState state = LearnedState.From(null);
        for (int pair = 0; pair < 150; pair++)
        {
            state.Strangers.Add("hall", $"door{pair % 3}", 0.01f * (pair % 70));
            state.Strangers.AddAbove(pair % 2 == 0, -0.001f * pair);
            state.Travel.Learn(Sighting("hall", 0), Sighting("door1", 20 + pair));
        }

        byte[] bytes = state.ToBytes();
        LearnedState back = LearnedState.From(bytes);

        Assert.Equal(bytes, back.ToBytes());
        Assert.Equal(state.Strangers.Shift("door1", "hall"), back.Strangers.Shift("door1", "hall"));
        Assert.Equal(state.Strangers.Level(oneCamera: true), back.Strangers.Level(oneCamera: true));
        Assert.Equal(state.Travel.ToBytes(), LearnedState.From(state.Travel.ToBytes()).Travel.ToBytes());
        Assert.Throws<InvalidDataException>(() => LearnedState.From([99]));
    }

    private static KnownSighting Sighting(string camera, double second)
    {
        DateTimeOffset at = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);
        return new(Guid.NewGuid(), camera, at.AddSeconds(second - 1), at.AddSeconds(second), true);
    }
}

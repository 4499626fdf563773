using System.Globalization;
using System.Text;
using System.Text.Json;
using OpenCvSharp;

namespace Pipeline.Tests.EndToEnd;

/// <summary>Given boxes, several days in one store, and what an operator says of it, on the command line.</summary>
public sealed class OperatorTests : IDisposable
{
    private const int Frames = 120;
    private static readonly DateTime s_noon = new(2026, 5, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly Scalar s_red = new(30, 30, 220);
    private static readonly Scalar s_green = new(40, 200, 40);
    private static readonly Scalar s_blue = new(210, 60, 20);

    private readonly Footage _footage = new();

    public void Dispose() => _footage.Dispose();

    [Fact]
    public async Task The_same_folder_fed_as_three_consecutive_days_ends_with_the_same_identities()
    {
        string[] first = [];
        for (int day = 0; day < 3; day++)
        {
            await RunAsync(day);
            JsonElement[] people = await PeopleAsync();
            string[] ids = [.. people.Select(person => person.GetProperty("id").GetString()!)];
            first = day == 0 ? ids : first;
            Assert.Equal(3, ids.Length);
            Assert.Equal(first, ids);
            Assert.Equal(4 * (day + 1), people.Sum(person => person.GetProperty("sightings").GetInt32()));
        }
    }

    [Fact]
    public async Task What_an_operator_says_holds_for_the_next_day_and_can_be_taken_back()
    {
        await RunAsync(0);
        string[] ids = [.. (await PeopleAsync()).Select(person => person.GetProperty("id").GetString()!)];
        Assert.Equal(3, ids.Length); // red, green, blue

        Assert.Contains($"{ids[0]} stays; 1 tracklets came to it", await SayAsync(0, "merge", ids[0], ids[2]), StringComparison.Ordinal);
        Assert.Equal(2, (await PeopleAsync()).Length);
        await RunAsync(1);
        Assert.Equal([4, 4], (await PeopleAsync()).Select(person => person.GetProperty("sightings").GetInt32())); // red and blue are one on the second day, too

        Assert.Contains("Taken back: the merge.", await SayAsync(0, "undo"), StringComparison.Ordinal);
        Assert.Equal(3, (await PeopleAsync()).Length);
        await SayAsync(0, "not-same", ids[0], ids[2]);
        Assert.Contains("were said to be two persons", await SayAsync(2, "merge", ids[2], ids[0]), StringComparison.Ordinal);
        Assert.Contains("Taken back: that", await SayAsync(0, "undo"), StringComparison.Ordinal);

        Assert.Contains("is erased", await SayAsync(0, "erase", ids[1], "--yes"), StringComparison.Ordinal);
        Assert.Contains("was erased at", await SayAsync(2, "merge", ids[0], ids[1]), StringComparison.Ordinal);
        Assert.Contains("cannot be one person", await TwoAtOnceAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Boxes_that_are_missing_are_named_with_their_place()
    {
        Make(0);
        File.Delete(_footage.In("boxes", "dock", Name(0, minute: 1) + ".txt"));

        (int code, string output) = await PipelineProcess.RunAsync("run", _footage.In("day0"), "--detections", _footage.In("boxes"), "--reid-model", "colour", "--output", _footage.In("out"), "--no-mqtt");

        Assert.Equal(2, code);
        Assert.Contains($"no boxes for dock/{Name(0, minute: 1)}.avi", output, StringComparison.Ordinal);
    }

    // Two persons in one picture are two, whatever anybody says.
    private async Task<string> TwoAtOnceAsync()
    {
        Video(["crowd", "hall", "2026-06-01_12-00-00.avi"], "crowd-boxes", (s_red, 1, 40, 40), (s_blue, 1, 40, 180));
        (int code, string output) = await PipelineProcess.RunAsync(
            "run", _footage.In("crowd"), "--detections", _footage.In("crowd-boxes"), "--reid-model", "colour", "--store", _footage.In("crowd.db"), "--output", _footage.In("crowd-out"), "--no-mqtt", "--linker.min_quality", "0");
        Assert.True(code == 0, output);
        string[] ids = [.. (await PeopleAsync("crowd.db")).Select(person => person.GetProperty("id").GetString()!)];
        (int refused, string told) = await PipelineProcess.RunAsync("identities", "merge", ids[0], ids[1], "--store", _footage.In("crowd.db"), "--no-mqtt");
        Assert.Equal(2, refused);
        return told;
    }

    private async Task RunAsync(int day)
    {
        Make(day);
        (int code, string output) = await PipelineProcess.RunAsync(
            "run", _footage.In($"day{day}"), "--detections", _footage.In("boxes"), "--reid-model", "colour", "--store", _footage.In("people.db"),
            "--output", _footage.In($"out{day}"), "--no-mqtt", "--linker.min_quality", "0");
        Assert.True(code == 0, output);
    }

    private async Task<string> SayAsync(int expected, params string[] words)
    {
        (int code, string output) = await PipelineProcess.RunAsync(["identities", .. words, "--store", _footage.In("people.db"), "--no-mqtt"]);
        Assert.True(code == expected, output);
        return output;
    }

    private async Task<JsonElement[]> PeopleAsync(string store = "people.db")
    {
        (int code, string output) = await PipelineProcess.RunAsync("identities", "list", "--store", _footage.In(store), "--json");
        Assert.True(code == 0, output);
        // One object a line; the process helper makes one line of all.
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(output), new JsonReaderOptions { AllowMultipleValues = true });
        List<JsonElement> people = [];
        while (reader.Read())
        {
            people.Add(JsonElement.ParseValue(ref reader));
        }

        return [.. people];
    }

    // Red and green come through the hall, five seconds apart, so that nobody takes them for one track; green and blue are at the dock a minute later.
    private void Make(int day)
    {
        Video([$"day{day}", "hall", Name(day, minute: 0) + ".avi"], "boxes", (s_red, 1, 30, 40), (s_green, 85, 115, 40));
        Video([$"day{day}", "dock", Name(day, minute: 1) + ".avi"], "boxes", (s_green, 1, 30, 120), (s_blue, 85, 115, 120));
    }

    private static string Name(int day, int minute) => s_noon.AddDays(day).AddMinutes(minute).ToString("yyyy-MM-dd_HH-mm-ss", CultureInfo.InvariantCulture);

    private void Video(string[] parts, string boxes, params (Scalar Colour, int From, int To, int X)[] people)
    {
        StringBuilder rows = new();
        using VideoWriter writer = new(_footage.File(parts), FourCC.MJPG, 10, new Size(320, 240));
        for (int frame = 1; frame <= Frames; frame++)
        {
            using Mat picture = new(240, 320, MatType.CV_8UC3, Scalar.All(120));
            foreach ((Scalar colour, int from, int to, int x) in people.Where(person => person.From <= frame && frame <= person.To))
            {
                using Mat body = picture[new Rect(x + frame, 60, 40, 100)];
                body.SetTo(colour);
                using Mat belt = picture[new Rect(x + frame, 110, 40, 6)];
                belt.SetTo(Scalar.All(10));
                rows.Append(CultureInfo.InvariantCulture, $"{frame},-1,{x + frame},60,40,100,0.9,-1,-1,-1\n");
            }

            writer.Write(picture);
        }

        File.WriteAllText(_footage.File(boxes, parts[1], Path.ChangeExtension(parts[2], ".txt")), rows.ToString());
    }
}

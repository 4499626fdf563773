namespace Pipeline.Tests.Bindings;

public class VideoTests
{
    [Fact]
    public void What_was_written_is_read_back_with_its_timestamps()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "clip.avi");
        using (VideoWriter writer = new(file, FourCC.MJPG, 10, new Size(64, 48)))
        {
            Assert.True(writer.IsOpened());
            for (int i = 0; i < 5; i++)
            {
                using Mat picture = new(48, 64, MatType.CV_8UC3, Scalar.All(50 * i));
                writer.Write(picture);
            }
        }

        using VideoCapture capture = new(file, VideoCaptureAPIs.FFMPEG, [70, 1]);
        using Mat frame = new();
        List<(double Time, double Value)> frames = [];
        while (capture.Grab())
        {
            Assert.True(capture.Retrieve(frame));
            frames.Add((capture.Get(VideoCaptureProperties.PosMsec), Cv2.Mean(frame)[0]));
        }

        Assert.Equal((64, 48, 10), (capture.FrameWidth, capture.FrameHeight, capture.Fps));
        Assert.Equal([0, 100, 200, 300, 400], frames.Select(f => Math.Round(f.Time)));
        Assert.All(frames.Index(), f => Assert.Equal(50 * f.Index, f.Item.Value, 3.0));
        Assert.False(capture.Read(frame));
        capture.Release();
        Assert.False(capture.IsOpened());
    }

    [Fact]
    public void A_file_that_is_no_video_does_not_open()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "text.mp4");
        File.WriteAllText(file, "this is no video");

        using VideoCapture capture = new(file, VideoCaptureAPIs.FFMPEG);

        Assert.False(capture.IsOpened());
        Assert.False(capture.Grab());
    }

    [Fact]
    public void Codec_letters_are_a_number()
    {
        Assert.Equal(0x47504A4D, FourCC.MJPG);
        Assert.Equal(FourCC.FromString("MJPG"), FourCC.FromFourChars('M', 'J', 'P', 'G'));
    }

    [SkippableFact]
    public void The_people_detector_finds_people_where_they_are()
    {
        using Mat picture = Cv2.ImRead(TestData.Shared("data", "models", "frames", "vtest_0300.png"));
        using HOGDescriptor hog = new();
        float[] weights = HOGDescriptor.GetDefaultPeopleDetector();
        hog.SetSVMDetector(weights);

        Rect[] boxes = hog.DetectMultiScale(picture, out double[] confidences, 0, new Size(8, 8), new Size(16, 16), 1.05, 2);

        Assert.Equal(3781, weights.Length);
        Assert.NotEmpty(boxes);
        Assert.Equal(boxes.Length, confidences.Length);
        Assert.Equal(boxes, hog.DetectMultiScale(picture, 0, new Size(8, 8), new Size(16, 16), 1.05, 2));
    }
}

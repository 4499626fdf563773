using Pipeline.Reid;

namespace Pipeline.Tests.Reid;

public sealed class PictureIoTests
{
    [Fact]
    public void A_picture_survives_JPEG_nearly_unchanged()
    {
        Picture picture = Pictures.Person(48, 128, (40, 30, 200), (180, 60, 30));

        Picture? back = PictureIo.Decode(PictureIo.ToJpeg(picture));

        Assert.NotNull(back);
        Assert.Equal((48, 128), (back.Width, back.Height));
        Assert.InRange(picture.Bgr.Zip(back.Bgr, (a, b) => Math.Abs(a - b)).Average(), 0, 8);
    }

    [Fact]
    public void Read_names_a_file_that_is_missing_or_no_picture()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Path("text.jpg"), "hello");
        File.WriteAllText(folder.Path("empty.jpg"), "");

        Assert.Contains("text.jpg': no picture that can be decoded (5 bytes)", Assert.Throws<InvalidDataException>(() => PictureIo.Read(folder.Path("text.jpg"))).Message, StringComparison.Ordinal);
        Assert.Contains("empty.jpg' is empty (0 bytes), or a pipe", Assert.Throws<InvalidDataException>(() => PictureIo.Read(folder.Path("empty.jpg"))).Message, StringComparison.Ordinal);
        Assert.Contains("cannot read the picture", Assert.Throws<InvalidDataException>(() => PictureIo.Read(folder.Path("none.jpg"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_does_not_wait_for_a_pipe_and_names_what_is_no_file()
    {
        using TemporaryFolder folder = new();
        OddFile.Pipe(folder.Path("pipe.jpg"));
        File.CreateSymbolicLink(folder.Path("link.jpg"), "pipe.jpg");
        OddFile.Socket(folder.Path("socket.jpg"));
        Directory.CreateDirectory(folder.Path("folder.jpg"));

        foreach ((string name, string words) in new[] { ("pipe", "a pipe, socket or device"), ("link", "a pipe, socket or device"), ("socket", "a pipe, socket or device"), ("folder", "is a folder, not a file") })
        {
            string path = folder.Path($"{name}.jpg");
            InvalidDataException e = await Assert.ThrowsAsync<InvalidDataException>(() => Task.Run(() => PictureIo.Read(path)).WaitAsync(TimeSpan.FromSeconds(30)));
            Assert.StartsWith($"'{path}' is ", e.Message, StringComparison.Ordinal);
            Assert.Contains(words, e.Message, StringComparison.Ordinal);
            Assert.EndsWith(PictureIo.Instead, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ToJpeg_refuses_bytes_that_do_not_fit_the_size() =>
        Assert.Contains("a 2x2 picture has 12 bytes, got 3", Assert.Throws<ArgumentException>(() => PictureIo.ToJpeg(new Picture(2, 2, new byte[3]))).Message, StringComparison.Ordinal);
}

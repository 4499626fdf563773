namespace Pipeline.Reid.Networks;

/// <summary>The widths inside an RGA module: they follow from its ratios, or from the shapes in a weight file.</summary>
/// <param name="Channels">Channels C of the map.</param>
/// <param name="Height">Rows of the map.</param>
/// <param name="Width">Columns of the map.</param>
/// <param name="ChannelWidth">C over the channel ratio: width of the embeddings of a position, and of the relations of a channel.</param>
/// <param name="PositionWidth">Positions over the spatial ratio: width of the relations of a position, and of the embeddings of a channel.</param>
/// <param name="SpatialHidden">Hidden channels of the spatial attention.</param>
/// <param name="ChannelHidden">Hidden channels of the channel attention.</param>
public sealed record RgaGeometry(int Channels, int Height, int Width, int ChannelWidth, int PositionWidth, int SpatialHidden, int ChannelHidden)
{
    /// <summary>Positions of the map.</summary>
    public int Positions => Height * Width;

    /// <summary>The published module: all widths by whole division.</summary>
    /// <exception cref="ArgumentException">The map or the channels are too few for these ratios.</exception>
    public static RgaGeometry Published(int channels, int height, int width, int channelRatio = 8, int spatialRatio = 8, int downRatio = 8)
    {
        RgaGeometry geometry = new(
            channels, height, width, channels / channelRatio, height * width / spatialRatio,
            (1 + (height * width / spatialRatio)) / downRatio, (1 + (channels / channelRatio)) / downRatio);
        return geometry is { ChannelWidth: > 0, PositionWidth: > 0, SpatialHidden: > 0, ChannelHidden: > 0 }
            ? geometry
            : throw new ArgumentException($"{channels} channels of {height} x {width} are too few for ratios {channelRatio}, {spatialRatio} and {downRatio}");
    }

    /// <summary>The module with the published ratios of 8, each halved until its layers keep a width.</summary>
    /// <param name="channels">Channels of the map.</param>
    /// <param name="height">Rows of the map.</param>
    /// <param name="width">Columns of the map.</param>
    /// <param name="leastWidth">Least width of an embedding: 1 changes the published ratios only where they do not fit at all.</param>
    /// <param name="leastHidden">Least number of hidden channels.</param>
    public static RgaGeometry Fitting(int channels, int height, int width, int leastWidth = 1, int leastHidden = 1)
    {
        int channelWidth = Halved(channels, leastWidth);
        int positionWidth = Halved(height * width, leastWidth);
        return new RgaGeometry(
            channels, height, width, channelWidth, positionWidth, Halved(1 + positionWidth, leastHidden), Halved(1 + channelWidth, leastHidden));
    }

    private static int Halved(int count, int least)
    {
        int ratio = 8;
        while (ratio > 1 && count / ratio < least)
        {
            ratio /= 2;
        }

        return count / ratio;
    }
}

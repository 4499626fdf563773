namespace Pipeline.Tracker;

/// <summary>A straight line through weighted points (time, value), by least squares.</summary>
internal struct LineFit
{
    private double _weight;
    private double _time;
    private double _timeSquare;
    private double _value;
    private double _product;

    /// <summary>The line at time 0; the mean where all points have one time.</summary>
    internal readonly double Value => (_value - (Rate * _time)) / _weight;

    /// <summary>The line's slope; 0 where all points have one time.</summary>
    internal readonly double Rate
    {
        get
        {
            double spread = (_weight * _timeSquare) - (_time * _time);
            return spread > 1e-9 * _weight * _weight ? ((_weight * _product) - (_time * _value)) / spread : 0;
        }
    }

    internal void Add(double time, double value, double weight)
    {
        _weight += weight;
        _time += weight * time;
        _timeSquare += weight * time * time;
        _value += weight * value;
        _product += weight * time * value;
    }
}

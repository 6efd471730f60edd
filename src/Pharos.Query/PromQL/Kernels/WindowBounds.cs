using Pharos.Query.PromQL.Evaluation;

namespace Pharos.Query.PromQL.Kernels;

/// <summary>Which of a series' samples lie in each step's window. What depends on timestamps only is kept from series to
/// series: those of one target, and most of one scrape interval, share theirs.</summary>
/// <remarks>Belongs to one shard.</remarks>
/// <param name="starts">Per step where the window begins (ms, exclusive).</param>
/// <param name="ends">Per step where it ends (ms, inclusive); neither these nor the starts ever fall.</param>
/// <param name="weighsWindows">Whether a step counts all samples of its window, or one.</param>
internal sealed class WindowBounds(long[] starts, long[] ends, bool weighsWindows)
{
    private readonly Extrapolation _extrapolation = new(ends.Length);
    private long[] _times = [];
    private int _timeCount = -1;
    private bool _extrapolationIsCurrent;
    private long _uses;

    public int Steps => ends.Length;

    /// <summary>Per step the first sample's place; some place inside the samples where there is none.</summary>
    public int[] First { get; } = new int[ends.Length];

    /// <summary>Per step the last sample's place; some place inside the samples where there is none.</summary>
    public int[] Last { get; } = new int[ends.Length];

    public int[] Count { get; } = new int[ends.Length];

    /// <summary>Whether a window holds a sample.</summary>
    public bool[] HasOne { get; } = new bool[ends.Length];

    /// <summary>Whether a window holds two samples or more.</summary>
    public bool[] HasTwo { get; } = new bool[ends.Length];

    /// <summary>No two samples have the same time, as the arithmetic of kernels takes for granted.</summary>
    public bool IsRising { get; private set; }

    /// <summary>How many samples the fullest window holds.</summary>
    public int MaxCount { get; private set; }

    /// <summary>The longest stretch of steps in which the first sample moves on by one from step to step.</summary>
    public Range FirstSlides { get; private set; }

    /// <summary>The longest stretch of steps in which the last sample moves on by one from step to step.</summary>
    public Range LastSlides { get; private set; }

    /// <summary>What <c>rate</c> and its kin make of the timestamps.</summary>
    public Extrapolation Extrapolation
    {
        get
        {
            if (!_extrapolationIsCurrent)
            {
                _extrapolation.Measure(this, _times, starts, ends);
                _extrapolationIsCurrent = true;
            }
            return _extrapolation;
        }
    }

    /// <summary>Goes over to another series.</summary>
    /// <param name="timestamps">At least one.</param>
    /// <param name="samples">Where its use is counted.</param>
    public void MoveTo(ReadOnlySpan<long> timestamps, SampleCounts samples)
    {
        if (_timeCount < 0 || !timestamps.SequenceEqual(_times.AsSpan(0, _timeCount)))
        {
            CountUses(samples);
            Find(timestamps);
        }
    }

    /// <summary>The series at hand uses its windows.</summary>
    public void Use() => _uses++;

    /// <summary>Counts what series used since the last time. To be called once more at the end.</summary>
    public void CountUses(SampleCounts samples)
    {
        for (var step = 0; _uses > 0 && step < Steps; step++)
        {
            samples.Add(step, _uses * (weighsWindows ? Count[step] : HasOne[step] ? 1 : 0));
        }
        _uses = 0;
    }

    private void Find(ReadOnlySpan<long> timestamps)
    {
        if (_times.Length < timestamps.Length)
        {
            _times = new long[timestamps.Length];
        }
        timestamps.CopyTo(_times);
        _timeCount = timestamps.Length;
        _extrapolationIsCurrent = false;
        MaxCount = 0;
        IsRising = true;
        for (var i = 1; i < timestamps.Length; i++)
        {
            IsRising &= timestamps[i] > timestamps[i - 1];
        }
        var (from, to) = (0, 0);
        for (var step = 0; step < ends.Length; step++)
        {
            while (to < timestamps.Length && timestamps[to] <= ends[step])
            {
                to++;
            }
            while (from < to && timestamps[from] <= starts[step])
            {
                from++;
            }
            var count = to - from;
            First[step] = Math.Min(from, timestamps.Length - 1);
            Last[step] = Math.Max(to - 1, 0);
            Count[step] = count;
            HasOne[step] = count > 0;
            HasTwo[step] = count > 1;
            MaxCount = Math.Max(MaxCount, count);
        }
        FirstSlides = LongestSlide(First);
        LastSlides = LongestSlide(Last);
    }

    private static Range LongestSlide(ReadOnlySpan<int> places)
    {
        var longest = 0..0;
        for (var from = 0; from < places.Length;)
        {
            var to = from + 1;
            while (to < places.Length && places[to] == places[to - 1] + 1)
            {
                to++;
            }
            longest = to - from > longest.End.Value - longest.Start.Value ? from..to : longest;
            from = to;
        }
        return longest;
    }
}

using Pharos.Storage.Encoding;

namespace Pharos.Storage.Traces.Pages;

/// <summary>Starts and durations of a page's spans, in the coarsest unit that loses nothing: few clocks count nanoseconds.</summary>
internal static class TimeColumns
{
    private static readonly long[] Units = [1_000_000, 1_000, 100, 1];

    public static void Write(ReadOnlySpan<long> starts, ReadOnlySpan<long> durations, ByteWriter into)
    {
        var startUnit = UnitOf(starts);
        var durationUnit = UnitOf(durations);
        into.UVarint((ulong)startUnit);
        into.UVarint((ulong)durationUnit);
        var before = 0L;
        foreach (var start in starts)
        {
            var scaled = start / startUnit;
            into.Varint(unchecked(scaled - before));
            before = scaled;
        }
        Span<long> scaledDurations = durations.Length <= 1024 ? stackalloc long[durations.Length] : new long[durations.Length];
        for (var i = 0; i < durations.Length; i++)
        {
            scaledDurations[i] = durations[i] / durationUnit;
        }
        NumberColumn.Write(scaledDurations, into);
    }

    public static void Read(ref ByteReader reader, Span<long> starts, Span<long> durations)
    {
        var (startUnit, durationUnit) = ((long)reader.UVarint(), (long)reader.UVarint());
        var before = 0L;
        for (var i = 0; i < starts.Length; i++)
        {
            before = unchecked(before + reader.Varint());
            starts[i] = unchecked(before * startUnit);
        }
        NumberColumn.Read(ref reader, durations);
        for (var i = 0; i < durations.Length; i++)
        {
            durations[i] = unchecked(durations[i] * durationUnit);
        }
    }

    private static long UnitOf(ReadOnlySpan<long> values)
    {
        var unit = 0;
        foreach (var value in values)
        {
            while (value % Units[unit] != 0)
            {
                unit++;
            }
        }
        return Units[unit];
    }
}

using System.IO.Hashing;

namespace Pharos.Collection.Exposition;

/// <summary>Takes the text of a series apart that <see cref="LabelBlock"/> has found good, without decoding it.</summary>
internal readonly ref struct SeriesText
{
    private SeriesText(ReadOnlySpan<byte> name, ulong labelsHash, ReadOnlySpan<byte> bound)
    {
        Name = name;
        LabelsHash = labelsHash;
        Bound = bound;
    }

    /// <summary>The metric's name as it was exposed, without quotes.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Of all labels but <c>le</c> and <c>quantile</c>, in whatever order they stand.</summary>
    public ulong LabelsHash { get; }

    /// <summary>The value of <c>le</c>; empty where there is none.</summary>
    public ReadOnlySpan<byte> Bound { get; }

    public static SeriesText Of(ReadOnlySpan<byte> series)
    {
        var length = LabelBlock.NameLength(series, colons: true);
        var name = series[..length];
        var bound = ReadOnlySpan<byte>.Empty;
        var hash = 0UL;
        var at = length + series[length..].IndexOf((byte)'{') + 1;
        while (at > length && Step(series, ref at, out var label, out var value, out var isName))
        {
            if (isName)
            {
                name = label;
            }
            else if (label.SequenceEqual("le"u8))
            {
                bound = value;
            }
            else if (!label.SequenceEqual("quantile"u8))
            {
                // A sum does not know the order of its terms.
                hash += XxHash3.HashToUInt64(value, (long)XxHash3.HashToUInt64(label));
            }
        }
        return new SeriesText(name, hash, bound);
    }

    /// <summary>Reads the next label of a block; false behind the last one.</summary>
    private static bool Step(
        ReadOnlySpan<byte> series, scoped ref int at, out ReadOnlySpan<byte> label, out ReadOnlySpan<byte> value, out bool isName)
    {
        label = value = default;
        isName = false;
        at += series[at..].IndexOfAnyExcept(" \t,"u8);
        if (series[at] == '}')
        {
            return false;
        }
        label = TakeString(series, ref at);
        at += series[at..].IndexOfAnyExcept(" \t"u8);
        isName = series[at] != '=';
        if (!isName)
        {
            at++;
            at += series[at..].IndexOfAnyExcept(" \t"u8);
            value = TakeString(series, ref at);
        }
        return true;
    }

    private static ReadOnlySpan<byte> TakeString(ReadOnlySpan<byte> series, scoped ref int at)
    {
        var start = at;
        var quoted = LabelBlock.QuotedLength(series[at..], newlines: true, zeros: true);
        at += quoted > 0 ? quoted : LabelBlock.NameLength(series[at..], colons: false);
        return quoted > 0 ? series[(start + 1)..(at - 1)] : series[start..at];
    }
}

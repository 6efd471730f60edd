namespace Pharos.Collection.Exposition;

/// <summary>The <c>_created</c> series of one OpenMetrics family, read ahead of the series they speak of.</summary>
/// <remarks>Reused from family to family; a family's body is read twice, and only where start times are wanted.</remarks>
internal sealed class CreatedTimes
{
    private readonly Dictionary<ulong, long> _byLabels = [];
    private int _family = -1;

    public static ReadOnlySpan<byte> Suffix => "_created"u8;

    /// <summary>Whether a family of this type has start times.</summary>
    public static bool Has(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("counter"u8) || type.SequenceEqual("histogram"u8) || type.SequenceEqual("summary"u8);

    public static bool IsCreated(ReadOnlySpan<byte> name, ReadOnlySpan<byte> family) =>
        name.Length == family.Length + Suffix.Length && name.EndsWith(Suffix) && name.StartsWith(family);

    /// <summary>Reads the family whose series begin at this place, to its end or its first fault, unless it is held already.</summary>
    public void Read(ReadOnlySpan<byte> body, int familyAt, ReadOnlySpan<byte> family)
    {
        if (_family == familyAt)
        {
            return;
        }
        _family = familyAt;
        _byLabels.Clear();
        var ahead = new ExpositionParser(body[familyAt..], ExpositionFormat.OpenMetrics);
        while (ahead.Next() is var entry && entry is not (ExpositionEntry.End or ExpositionEntry.Fault or ExpositionEntry.Type))
        {
            if (entry == ExpositionEntry.Series && SeriesText.Of(ahead.Series) is var series && IsCreated(series.Name, family))
            {
                Add(series.LabelsHash, ahead.Value);
            }
        }
    }

    /// <summary>Forgets the family, for the next body may have another at the same place.</summary>
    public void Forget() => _family = -1;

    /// <summary>0 where the series has no start time.</summary>
    public long Of(ulong labelsHash) => _byLabels.GetValueOrDefault(labelsHash);

    private void Add(ulong labelsHash, double seconds)
    {
        var milliseconds = seconds * 1000;
        if (double.IsFinite(milliseconds))
        {
            _byLabels.TryAdd(labelsHash, (long)milliseconds);
        }
    }
}

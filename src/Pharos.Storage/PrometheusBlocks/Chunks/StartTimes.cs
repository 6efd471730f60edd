namespace Pharos.Storage.PrometheusBlocks.Chunks;

/// <summary>The start times of a chunk: nothing while there are none, one number while they stay the same, and from the first
/// change on one number a sample (Prometheus: chunkenc/st.go).</summary>
/// <remarks>A mutable struct that lives in whoever packs or unpacks one chunk. Numbers count from the sample before.</remarks>
internal struct StartTimes
{
    private const byte FirstKnown = 0x80;

    /// <summary>The largest index that the header's seven bits hold: there the numbers begin, changed or not.</summary>
    private const int LastChangeIndex = 0x7f;

    private readonly bool _firstKnown;
    private int _changedAt;
    private long _distance;

    public StartTimes(byte header)
    {
        _firstKnown = (header & FirstKnown) != 0;
        _changedAt = header & LastChangeIndex;
    }

    public long StartTimeMs { get; private set; }

    public byte Header { get; private set; }

    public void Read(ref BitReader reader, int index, long timestampMs, long timestampBeforeMs)
    {
        if (index == 0)
        {
            StartTimeMs = _firstKnown ? unchecked(timestampMs - reader.Varint()) : 0;
        }
        else if (_changedAt > 0 && index >= _changedAt)
        {
            var number = reader.VarbitInt();
            _distance = index == _changedAt ? number : unchecked(_distance + number);
            StartTimeMs = unchecked(timestampBeforeMs - _distance);
        }
    }

    public void Write(BitWriter writer, int index, long timestampMs, long timestampBeforeMs, long startTimeMs)
    {
        if (index == 0)
        {
            if (startTimeMs != 0)
            {
                writer.Varint(unchecked(timestampMs - startTimeMs));
                Header = FirstKnown;
            }
        }
        else if (_changedAt > 0 || startTimeMs != StartTimeMs || index == LastChangeIndex)
        {
            var distance = unchecked(timestampBeforeMs - startTimeMs);
            writer.VarbitInt(_changedAt > 0 ? unchecked(distance - _distance) : distance);
            if (_changedAt == 0)
            {
                _changedAt = index;
                Header |= (byte)index;
            }
            _distance = distance;
        }
        StartTimeMs = startTimeMs;
    }
}

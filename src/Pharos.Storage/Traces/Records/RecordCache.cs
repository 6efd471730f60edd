namespace Pharos.Storage.Traces.Records;

/// <summary>What was made of records, kept for their next spans.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class RecordCache<T>(Func<SpanRecord, T> make)
{
    /// <summary>All is forgotten when its records together take more.</summary>
    private const long MaxBytes = 16 * 1024 * 1024;

    private readonly Dictionary<SpanRecord, T> _made = [];
    private long _bytes;

    public T Of(SpanRecord record)
    {
        if (_made.TryGetValue(record, out var known))
        {
            return known;
        }
        if (_bytes > MaxBytes)
        {
            _made.Clear();
            _bytes = 0;
        }
        _bytes += record.Payload.Length;
        return _made[record] = make(record);
    }
}

using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Durability;
using Pharos.Storage.State;

namespace Pharos.Alerting.History;

/// <summary>Items in the order of time, on disk in chunks that were written together; memory holds only where they are.</summary>
/// <remarks>Thread-safe. Durable, and found, with the journal's next commit. What is older than the retention time goes, and
/// before its time the oldest where there is more than <see cref="MaxBytes"/> or <see cref="MaxChunks"/>.</remarks>
internal sealed class HistoryChunks<T>
{
    public const long MaxBytes = 64L * 1024 * 1024;
    public const int MaxChunks = 100_000;

    private readonly Lock _lock = new();
    private readonly Queue<Chunk> _chunks = new();
    private readonly string _collection;
    private readonly Func<byte[], IReadOnlyList<T>> _parse;
    private readonly Func<T, DateTimeOffset> _timeOf;
    private readonly TimeSpan _retention;
    private readonly IStateStore _state;
    private readonly StateJournal _journal;
    private readonly ILogger _logger;
    private long _bytes;
    private long _next;

    /// <param name="parse">Of a chunk's bytes, oldest first.</param>
    /// <param name="replay">Told of every item that is there already, oldest first; null where nobody asks.</param>
    public HistoryChunks(string collection, Func<byte[], IReadOnlyList<T>> parse, Func<T, DateTimeOffset> timeOf, TimeSpan retention,
        IStateStore state, StateJournal journal, ILogger logger, Action<T>? replay = null)
    {
        _collection = collection;
        _parse = parse;
        _timeOf = timeOf;
        _retention = retention;
        _state = state;
        _journal = journal;
        _logger = logger;
        foreach (var entry in state.All(collection))
        {
            if (!long.TryParse(entry.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                continue;
            }
            Enqueue(new Chunk(number, entry.Value.Length, entry.ExpiresAt ?? DateTimeOffset.MaxValue));
            _next = Math.Max(_next, number + 1);
            foreach (var item in replay is null ? [] : Parse(entry))
            {
                replay!(item);
            }
        }
    }

    public void Add(byte[] value, DateTimeOffset now)
    {
        lock (_lock)
        {
            var chunk = new Chunk(_next++, value.Length, now + _retention);
            Enqueue(chunk);
            _journal.Add(new StateChange(_collection, Key(chunk.Number), value, chunk.ExpiresAt));
            while (_chunks.TryPeek(out var oldest)
                && (oldest.ExpiresAt <= now || _chunks.Count > MaxChunks || (_bytes > MaxBytes && _chunks.Count > 1)))
            {
                _chunks.Dequeue();
                _bytes -= oldest.Bytes;
                _journal.Add(new StateChange(_collection, Key(oldest.Number), null));
            }
        }
    }

    /// <summary>Takes in what another node has written or removed.</summary>
    /// <param name="value">Null where it is removed, which happens to the oldest first.</param>
    public IReadOnlyList<T> Receive(string key, byte[]? value, DateTimeOffset? expiresAt)
    {
        if (!long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return [];
        }
        lock (_lock)
        {
            while (value is null && _chunks.TryPeek(out var oldest) && oldest.Number <= number)
            {
                _bytes -= _chunks.Dequeue().Bytes;
            }
            if (value is not null && number >= _next)
            {
                Enqueue(new Chunk(number, value.Length, expiresAt ?? DateTimeOffset.MaxValue));
                _next = number + 1;
            }
        }
        return value is null ? [] : Parse(new StateEntry(key, value, expiresAt));
    }

    /// <exception cref="IOException">The disk refuses.</exception>
    public HistoryPage<T> Read(HistoryQuery query, Func<T, bool> wants, DateTimeOffset now)
    {
        var start = query.Start > now - _retention ? query.Start : now - _retention;
        var items = new List<T>();
        foreach (var chunk in NewestFirst(query.From))
        {
            if (_state.Find(_collection, Key(chunk.Number)) is not { } entry)
            {
                // Not committed yet, or purged meanwhile.
                continue;
            }
            var parsed = Parse(entry);
            var index = query.From is { } from && from.Chunk == chunk.Number ? Math.Min(from.Index, parsed.Count) : parsed.Count;
            while (--index >= 0)
            {
                var item = parsed[index];
                if (_timeOf(item) < start)
                {
                    return new HistoryPage<T>(items, null);
                }
                if (_timeOf(item) > query.End || !wants(item))
                {
                    continue;
                }
                if (items.Count == query.Limit)
                {
                    return new HistoryPage<T>(items, new HistoryPosition(chunk.Number, index + 1));
                }
                items.Add(item);
            }
        }
        return new HistoryPage<T>(items, null);
    }

    private static string Key(long number) =>
        // Sorts as text in the order of time, which is how the state store lists its keys.
        number.ToString("d19", CultureInfo.InvariantCulture);

    private void Enqueue(Chunk chunk)
    {
        _chunks.Enqueue(chunk);
        _bytes += chunk.Bytes;
    }

    private Chunk[] NewestFirst(HistoryPosition? from)
    {
        lock (_lock)
        {
            var chunks = _chunks.Where(chunk => from is not { } position || chunk.Number <= position.Chunk).ToArray();
            Array.Reverse(chunks);
            return chunks;
        }
    }

    private IReadOnlyList<T> Parse(StateEntry entry)
    {
        try
        {
            return _parse(entry.Value);
        }
        catch (JsonException exception)
        {
            _logger.LogWarning(exception, "Entry {Key} of {Collection} cannot be read", entry.Key, _collection);
            return [];
        }
    }

    private readonly record struct Chunk(long Number, int Bytes, DateTimeOffset ExpiresAt);
}

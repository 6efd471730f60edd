using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;
using Pharos.Storage.Logs.Blocks;
using Pharos.Storage.Logs.Deletion;
using Pharos.Storage.Logs.Head;
using Pharos.Storage.Logs.Merging;
using Pharos.Storage.Logs.Retention;
using Pharos.Storage.Sealed;
using Pharos.Storage.Text;

namespace Pharos.Storage.Logs.Upkeep;

/// <summary>Seals heads into parts, merges parts, removes what is old or deleted; each step is a new manifest and a new view.</summary>
/// <remarks>Thread-safe. Lock order: sealing, merging, publishing, the store's commit lock, leaves. Sealing goes on while parts are merged.</remarks>
internal sealed class LogMaintenance(
    LogStoreOptions options, IFileSystem files, TimeProvider time, StoreViews<LogView> views,
    LogFolder folder, LogStoreInstruments instruments, ILogger logger)
{
    /// <summary>A part is rewritten for its retention once so much of it is past it: a smaller share costs more writing than it frees.</summary>
    private const double WorthRewriting = 0.25;

    /// <summary>How much of a part is past its retention is counted anew only then.</summary>
    private static readonly TimeSpan ExpiryCheckInterval = TimeSpan.FromMinutes(15);

    private static readonly MergePlan<LogPart> Plan = new()
    {
        DayOf = static part => part.Meta.Day,

        // Tables and filters of a part are in memory while it is written.
        WeightOf = static part => part.Meta.LineBytes,
        MaxWeight = 4L << 30,
        MaxSources = 32,
    };

    private volatile LogStoreOptions _options = options;
    private readonly Lock _sealing = new();
    private readonly Lock _merging = new();
    private readonly ManifestPublishing<LogPart> _publishing = new(folder.Parts, files, options.Directory, logger);
    private readonly Dictionary<long, long> _expiryChecked = [];

    /// <summary>Where the log begins that is needed at the next start.</summary>
    public long FirstSegment { get; set; } = 1;

    /// <summary>The marks that are in the manifest, not in the log that begins with <see cref="FirstSegment"/>.</summary>
    public required IReadOnlyDictionary<string, string> SealedMarks { get; set; }

    /// <summary>Makes a new head take the place of the newest, where that has entries.</summary>
    public required Action StartNewHead { get; init; }

    /// <summary>Told once a head's entries are in parts.</summary>
    public required Action<LogHead> Sealed { get; init; }

    /// <summary>Time of the newest entry of the store; the lowest number where there is none.</summary>
    public required Func<long> NewestNs { get; init; }

    public string WalDirectory => _publishing.WalDirectory;

    /// <summary>Puts other retention times into effect; the rest of the options stays as it was.</summary>
    public void Reconfigure(TimeSpan retention, IReadOnlyList<LogRetentionRule> rules) =>
        _options = _options with { RetentionTime = retention, RetentionRules = rules };

    /// <summary>Seals everything in memory.</summary>
    /// <exception cref="IOException">The disk refuses; what is not sealed stays in memory and in the log.</exception>
    public void Flush(CancellationToken cancellation)
    {
        lock (_sealing)
        {
            StartNewHead();
            SealOldHeads(cancellation);
        }
    }

    /// <summary>Seals the heads that take no more entries.</summary>
    public void SealOldHeads(CancellationToken cancellation)
    {
        lock (_sealing)
        {
            while (views.Current.Heads is { Length: > 1 } heads)
            {
                Seal(heads[0], cancellation);
            }
        }
    }

    public void Delete(LogDeletion deletion)
    {
        lock (_sealing)
        {
            Flush(CancellationToken.None);
            var filter = CompileFilter(deletion);
            lock (_publishing.Lock)
            {
                var pending = new PendingDeletion(deletion, folder.Parts.LastNumber, filter);
                var view = views.Current;
                WriteManifest(FirstSegment, view.Parts, [.. view.Deletions, pending], SealedMarks);
                views.Change(now => now with { Deletions = [.. now.Deletions, pending] });
                if (_publishing.IsUnsynced)
                {
                    throw new IOException("the deletion holds, but a power cut may take it back: the disk refused to sync the folder");
                }
            }
        }
    }

    /// <summary>Null for all entries.</summary>
    public ILogRowFilter? CompileFilter(LogDeletion deletion)
    {
        if (deletion.Filter.Length == 0)
        {
            return null;
        }
        if (_options.CompileFilter(deletion.Filter) is { } filter)
        {
            return filter;
        }
        logger.LogError("Log store: the filter of deletion {Id} cannot be read; it deletes nothing: {Filter}", deletion.Id, deletion.Filter);
        return NoRows.Instance;
    }

    /// <summary>Removes, rewrites and merges what is due.</summary>
    public void RunMerges(CancellationToken cancellation)
    {
        lock (_merging)
        {
            RemoveReplaced();
            RemoveExpired(cancellation);
            RemoveOldest();
            ApplyDeletions(cancellation);
            while (Plan.Next(views.Current.Parts, NanosecondTime.DayOf(NewestNs())) is { Count: > 0 } due)
            {
                cancellation.ThrowIfCancellationRequested();
                Merge(due, cancellation);
            }
        }
    }

    /// <summary>Writes parts anew as one, without what is deleted or past its retention.</summary>
    public void Merge(IReadOnlyList<LogPart> sources, CancellationToken cancellation)
    {
        PendingDeletion[] deletions;
        long number;
        lock (_publishing.Lock)
        {
            deletions = views.Current.Deletions;
            number = folder.Parts.NextNumber();
        }
        var retention = Retention();
        LogPart? made = null;
        using (var writer = folder.Create(number))
        {
            if (new LogMerger(sources, deletions, (stream, maxNs) => maxNs >= retention.FromNs(stream), folder).Run(writer, cancellation))
            {
                writer.Finish(number);
                made = folder.Parts.Open(number);
            }
        }
        Replace(sources, made);
        instruments.Merges.Add(1);
    }

    private LogRetention Retention() => new(_options, NewestNs(), time.GetUtcNow());

    private void Seal(LogHead head, CancellationToken cancellation)
    {
        var parts = new HeadSealer(head, folder).Seal(cancellation);
        try
        {
            lock (_publishing.Lock)
            {
                var view = views.Current;
                WriteManifest(head.EndSegment, view.Parts.Concat(parts), view.Deletions, head.Marks);
                (FirstSegment, SealedMarks) = (head.EndSegment, head.Marks);
                views.Change(now => now with { Heads = now.Heads[1..], Parts = InOrder([.. now.Parts, .. parts]) });
            }
        }
        catch
        {
            folder.Parts.Discard(parts);
            throw;
        }
        Sealed(head);
        instruments.BlocksStored.Add(parts.Sum(static part => part.Blocks.Count));
        instruments.BytesStored.Add(parts.Sum(static part => part.SizeBytes));
        RemoveReplaced();
    }

    /// <summary>Removes files that nothing needs any more: of the log, and parts that others replaced.</summary>
    public void RemoveReplaced() => _publishing.RemoveObsolete(FirstSegment);

    /// <summary>Puts a part in the place of others, or nothing.</summary>
    private void Replace(IReadOnlyList<LogPart> sources, LogPart? made)
    {
        LogPart[] added = made is null ? [] : [made];
        try
        {
            lock (_publishing.Lock)
            {
                var view = views.Current;
                WriteManifest(FirstSegment, view.Parts.Except(sources).Concat(added), view.Deletions, SealedMarks);
                views.Change(now => now with { Parts = InOrder([.. now.Parts.Except(sources), .. added]) });
                _publishing.AddObsolete(sources);
            }
        }
        catch
        {
            folder.Parts.Discard(added);
            throw;
        }
        ISealedFile.ReleaseAll(sources);
        RemoveReplaced();
    }

    private static LogPart[] InOrder(LogPart[] parts)
    {
        Array.Sort(parts, static (left, right) => left.Meta.MinTimeNs.CompareTo(right.Meta.MinTimeNs) is var byTime and not 0
            ? byTime : left.Meta.Number.CompareTo(right.Meta.Number));
        return parts;
    }

    private void WriteManifest(
        long firstSegment, IEnumerable<LogPart> parts, PendingDeletion[] deletions, IReadOnlyDictionary<string, string> marks)
    {
        new LogManifest(firstSegment, folder.Parts.LastNumber, [.. parts.Select(static part => part.Meta.Number).Order()], deletions, marks)
            .Write(files, _options.Directory);
        _publishing.Written();
    }

    private void RemoveExpired(CancellationToken cancellation)
    {
        var retention = Retention();
        if (retention.LatestNs == long.MinValue)
        {
            return;
        }
        var now = time.GetTimestamp();
        foreach (var part in views.Current.Parts.Where(part => part.Meta.MinTimeNs < retention.LatestNs))
        {
            cancellation.ThrowIfCancellationRequested();
            if (part.Meta.MaxTimeNs >= retention.LatestNs && _expiryChecked.TryGetValue(part.Meta.Number, out var before)
                && time.GetElapsedTime(before, now) < ExpiryCheckInterval)
            {
                continue;
            }
            _expiryChecked[part.Meta.Number] = now;
            var expired = retention.ExpiredEntries(part, folder);
            if (expired == part.Meta.Entries)
            {
                Replace([part], null);
                instruments.TimeRetentions.Add(1);
            }
            else if (expired >= part.Meta.Entries * WorthRewriting)
            {
                Merge([part], cancellation);
            }
        }
        var live = views.Current.Parts.Select(static part => part.Meta.Number).ToHashSet();
        foreach (var gone in _expiryChecked.Keys.Where(number => !live.Contains(number)).ToArray())
        {
            _expiryChecked.Remove(gone);
        }
    }

    /// <summary>Removes the oldest days while the store takes too much; the newest day stays.</summary>
    private void RemoveOldest()
    {
        while (_options.RetentionBytes > 0)
        {
            var parts = views.Current.Parts;
            if (parts.Sum(static part => part.SizeBytes) <= _options.RetentionBytes)
            {
                return;
            }
            var oldest = parts.Min(static part => part.Meta.Day);
            if (parts.Max(static part => part.Meta.Day) == oldest)
            {
                return;
            }
            var gone = Array.FindAll(parts, part => part.Meta.Day == oldest);
            Replace(gone, null);
            instruments.SizeRetentions.Add(gone.Length);
        }
    }

    /// <summary>Rewrites parts that have what was deleted, and forgets deletions that are done.</summary>
    private void ApplyDeletions(CancellationToken cancellation)
    {
        foreach (var deletion in views.Current.Deletions)
        {
            foreach (var part in views.Current.Parts)
            {
                cancellation.ThrowIfCancellationRequested();
                if (deletion.Concerns(part) && HasAny(part, deletion))
                {
                    Merge([part], cancellation);
                }
            }
            lock (_publishing.Lock)
            {
                PendingDeletion[] left = [.. views.Current.Deletions.Where(other => !ReferenceEquals(other, deletion))];
                WriteManifest(FirstSegment, views.Current.Parts, left, SealedMarks);
                views.Change(now => now with { Deletions = left });
            }
        }
    }

    private bool HasAny(LogPart part, PendingDeletion deletion)
    {
        if (ReferenceEquals(deletion.Filter, NoRows.Instance))
        {
            return false;
        }
        try
        {
            var selected = part.Select(deletion.Deletion.Tenant, deletion.Deletion.Matchers, CancellationToken.None);
            return selected.Length > 0;
        }
        catch (IOException exception)
        {
            folder.PartDamaged(part, exception);
            return false;
        }
    }

    private sealed class NoRows : ILogRowFilter
    {
        public static readonly NoRows Instance = new();

        public void Take(LogStream stream, LogRows rows, int first, Span<bool> taken)
        {
        }
    }
}

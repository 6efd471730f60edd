using Microsoft.Extensions.Logging;
using Pharos.Collection.Shipping.Files;
using Pharos.Collection.Shipping.Targets;
using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping;

/// <summary>Ships one job's files to one client: finds them anew from time to time, and runs a family for each.</summary>
internal sealed class JobShipping(ShipContext context, JobTargets targets, IShipSink sink)
{
    private const string FilenameLabel = "filename";
    private const string RotatedSuffix = ".1";

    /// <summary>New discoveries are looked for this often, whatever the period of the globs is.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Globs are looked at so often for files that are new, whatever their period is: one that is found late may have been rotated away.</summary>
    private static readonly TimeSpan NewFilesInterval = TimeSpan.FromSeconds(1);

    /// <summary>Looking takes no larger part of the time than one of these: folders may be many.</summary>
    private const int LeastRest = 50;

    /// <summary>A path without a file is given up after this time; should the file come back, it is found anew.</summary>
    private static readonly TimeSpan GoneAfter = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, Running> _running = new(StringComparer.Ordinal);
    private readonly TailLedger _ledger = new(sink.Name, targets.Job.JobName, sink.Marks(), context.Time.GetUtcNow());
    private volatile IReadOnlyList<FileFamily> _families = [];
    private HashSet<string> _known = [];
    private TimeSpan _newFilesInterval = NewFilesInterval;
    private DateTimeOffset? _lookedAt;

    /// <summary>The files that are shipped now.</summary>
    public IEnumerable<ShippedFile> Files() => _families.Select(family =>
    {
        var progress = family.Progress;
        return new ShippedFile(
            family.Context.Path, sink.Name, family.Context.Labels, progress.OffsetBytes, progress.SizeBytes, progress.Fault);
    });

    public async Task RunAsync(CancellationToken cancellation)
    {
        IReadOnlyList<FileTarget>? seen = null;
        var (syncedAt, lookedAt) = (0L, 0L);
        try
        {
            while (true)
            {
                var isSeen = ReferenceEquals(seen, targets.Targets);
                var isDue = !isSeen || context.Time.GetElapsedTime(syncedAt) >= context.Options.TargetSyncPeriod;
                if (!isDue && context.Time.GetElapsedTime(lookedAt) >= _newFilesInterval)
                {
                    isDue = HasNewFiles(seen!);
                    lookedAt = context.Time.GetTimestamp();
                }
                if (isDue)
                {
                    seen = targets.Targets;
                    syncedAt = context.Time.GetTimestamp();
                    // What the process before has not found was not there when it was at work last.
                    var absentAt = isSeen ? _lookedAt : _known.Count == 0 ? _ledger.SeenBeforeAt : null;
                    await SyncAsync(seen, absentAt, cancellation).ConfigureAwait(false);
                    lookedAt = context.Time.GetTimestamp();
                }
                await Task.Delay(LookInterval, context.Time, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The families have the same token.
        }
        await Task.WhenAll(_running.Values.Select(static running => running.Flow)).ConfigureAwait(false);
        foreach (var running in _running.Values)
        {
            running.Stopping.Dispose();
        }
    }

    private bool HasNewFiles(IReadOnlyList<FileTarget> found)
    {
        var (began, now) = (context.Time.GetTimestamp(), context.Time.GetUtcNow());
        var hasNew = found.Any(target => PathGlob.Expand(target.Pattern, target.Exclude).Any(path => !_known.Contains(path)));
        var rest = LeastRest * context.Time.GetElapsedTime(began);
        _newFilesInterval = rest > NewFilesInterval ? rest : NewFilesInterval;
        _lookedAt = hasNew ? _lookedAt : now;
        return hasNew;
    }

    /// <param name="found">What there is to ship.</param>
    /// <param name="lookedAt">When new paths were not there; null where nobody has looked for them.</param>
    private async Task SyncAsync(IReadOnlyList<FileTarget> found, DateTimeOffset? lookedAt, CancellationToken cancellation)
    {
        _lookedAt = context.Time.GetUtcNow();
        var wanted = new Dictionary<string, (string Path, LabelSet Labels, bool NamesRotated)>(StringComparer.Ordinal);
        foreach (var target in found)
        {
            foreach (var path in PathGlob.Expand(target.Pattern, target.Exclude))
            {
                var key = path;
                for (var i = 2; wanted.ContainsKey(key); i++)
                {
                    key = $"{path}#{i}";
                }
                wanted[key] = (path, target.Labels.With(FilenameLabel, path), PathGlob.IsMatch(target.Pattern, path + RotatedSuffix));
            }
        }
        var paths = wanted.Values.Select(static file => file.Path).ToHashSet(StringComparer.Ordinal);
        _known = paths;
        foreach (var (key, running) in _running.ToArray())
        {
            // A path whose file is gone stays for as long as its target: the file comes back, or its rest is beside it.
            var isTarget = wanted.TryGetValue(key, out var file)
                ? file.Labels == running.Family.Context.Labels
                : found.Any(target => target.Labels.With(FilenameLabel, running.Family.Context.Path) == running.Family.Context.Labels
                    && PathGlob.IsMatch(target.Pattern, running.Family.Context.Path));
            if (running.Family.HasFiles || wanted.ContainsKey(key))
            {
                running.IdleSince = context.Time.GetTimestamp();
            }
            if (!isTarget || context.Time.GetElapsedTime(running.IdleSince) > GoneAfter)
            {
                await running.Stopping.CancelAsync().ConfigureAwait(false);
                await running.Flow.ConfigureAwait(false);
                running.Stopping.Dispose();
                _running.Remove(key);
            }
        }
        // All are judged before one starts: what it has shipped by then would make it a family that was there before.
        var starting = wanted.Where(file => !_running.ContainsKey(file.Key) && !IsSiblingOfTarget(file.Value.Path, paths))
            .OrderBy(static file => file.Key, StringComparer.Ordinal).ToList();
        bool IsNamed(string path) => paths.Contains(path) || found.Any(target => target.Names(path));
        foreach (var (key, (path, labels, namesRotated)) in starting)
        {
            // Where the glob names rotated files, they are targets of their own until the path is known.
            Start(key, path, labels, paths, IsNamed, namesRotated ? null : lookedAt, cancellation);
        }
        _families = [.. _running.Values.Select(static running => running.Family)];
    }

    /// <summary>A rotated file that the same glob names is the family's, once the family has been shipped before.</summary>
    private bool IsSiblingOfTarget(string path, HashSet<string> paths) => _ledger.Of(path).Count == 0 && IsRotated(path, paths);

    private bool IsRotated(string path, HashSet<string> paths)
    {
        var folder = Path.GetDirectoryName(path);
        var name = Path.GetFileName(path);
        return paths.Any(other => other != path && Path.GetDirectoryName(other) == folder && SiblingNames.IsSibling(Path.GetFileName(other), name)
            && _ledger.Of(other).Count > 0);
    }

    /// <param name="isNamed">Whether a path is a target, or would be one had it been there.</param>
    private void Start(
        string key, string path, LabelSet labels, HashSet<string> paths, Func<string, bool> isNamed, DateTimeOffset? absentAt, CancellationToken cancellation)
    {
        var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var family = new FileFamily(
            new FamilyContext(context, targets.Job, sink, _ledger, path, key, labels, isNamed)
            {
                AbsentAt = absentAt,
                IsRotated = () => IsRotated(path, paths),
            });
        _running[key] = new Running(family, stopping, Task.Run(() => RunAsync(family, stopping.Token), CancellationToken.None))
        {
            IdleSince = context.Time.GetTimestamp(),
        };
    }

    private async Task RunAsync(FileFamily family, CancellationToken cancellation)
    {
        context.Metrics.TargetStarted("File");
        try
        {
            await family.RunAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            context.Logger.LogError(e, "Job {Job}: shipping {Path} has ended", targets.Job.JobName, family.Context.Path);
        }
        context.Metrics.TargetStopped("File");
        context.Metrics.FileGone(family.Context.Path);
    }

    private sealed record Running(FileFamily Family, CancellationTokenSource Stopping, Task Flow)
    {
        public long IdleSince { get; set; }
    }
}

using Microsoft.Extensions.Logging;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery;

/// <summary>Reads target files again whenever their time or size changes, and at the refresh interval in any case.</summary>
/// <remarks>Looks at the files' stamps every few seconds instead of asking the kernel for events: that works on every file
/// system, sees atomic renames, and has no queue to overflow.</remarks>
internal sealed class FileDiscovery(FileDiscoveryOptions options, DiscoveryContext context) : IDiscovery
{
    /// <summary>How long a change may go unseen.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    /// <summary>Files of one discovery; those beyond, by name, are left out with a warning.</summary>
    public const int MaxFiles = 10_000;

    private readonly Dictionary<string, SeenFile> _seen = new(StringComparer.Ordinal);

    public string Kind => options.Kind;

    public async Task RunAsync(Action<IReadOnlyList<TargetGroup>> publish, CancellationToken cancellation)
    {
        var refreshedAt = context.Time.GetTimestamp();
        Look(force: true);
        publish(Groups());
        while (true)
        {
            var wait = options.RefreshInterval < LookInterval ? options.RefreshInterval : LookInterval;
            await Task.Delay(wait, context.Time, cancellation).ConfigureAwait(false);
            var due = context.Time.GetElapsedTime(refreshedAt) >= options.RefreshInterval;
            refreshedAt = due ? context.Time.GetTimestamp() : refreshedAt;
            if (Look(force: due))
            {
                publish(Groups());
            }
        }
    }

    /// <summary>Reads what has changed; true where anything has.</summary>
    private bool Look(bool force)
    {
        var paths = FindFiles();
        var changed = false;
        foreach (var gone in _seen.Keys.Except(paths, StringComparer.Ordinal).ToList())
        {
            _seen.Remove(gone);
            changed = true;
        }
        foreach (var path in paths)
        {
            var file = new FileInfo(path);
            var stamp = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
            var known = _seen.GetValueOrDefault(path);
            if (!force && known is not null && known.Stamp == stamp)
            {
                continue;
            }
            changed |= ReadFile(path, stamp, known);
        }
        return changed;
    }

    /// <summary>A file that cannot be used keeps the groups that it last gave.</summary>
    private bool ReadFile(string path, (DateTime, long) stamp, SeenFile? known)
    {
        var result = ReadTargets(path);
        if (result.Groups is { } groups)
        {
            _seen[path] = new SeenFile(stamp, [.. groups.Select((group, i) => WithOrigin(group, path, i))]);
            return true;
        }
        context.Metrics.FileReadErrors.Add(1);
        context.Logger.LogError("Target file cannot be used, its last good targets stay: {Error}", result.Error);
        _seen[path] = new SeenFile(stamp, known?.Groups ?? []);
        return false;
    }

    private TargetFileResult ReadTargets(string path)
    {
        try
        {
            if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            {
                return JsonTargetFile.Read(path);
            }
            return context.ReadYamlTargets is { } readYaml ? readYaml(path)
                : TargetFileResult.Failed($"{path}: YAML cannot be read here");
        }
        catch (Exception fault)
        {
            // The reader comes from outside and promises not to throw; a broken promise costs one file, not the job.
            return TargetFileResult.Failed($"{path}: {fault.Message}");
        }
    }

    private static TargetGroup WithOrigin(TargetGroup group, string path, int index) => group with
    {
        Source = $"{path}:{index}",
        Labels = new LabelSetBuilder(group.Labels).Set("__meta_filepath", path).Build(),
    };

    private List<TargetGroup> Groups() =>
        [.. _seen.OrderBy(file => file.Key, StringComparer.Ordinal).SelectMany(file => file.Value.Groups)];

    private List<string> FindFiles()
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var pattern in options.Patterns)
        {
            try
            {
                AddMatches(pattern, found);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                context.Metrics.FileReadErrors.Add(1);
                context.Logger.LogError("Target files of {Pattern} cannot be listed: {Reason}", pattern, fault.Message);
            }
        }
        if (found.Count > MaxFiles)
        {
            context.Logger.LogWarning("{Count} target files found, the first {Max} are used", found.Count, MaxFiles);
        }
        return [.. found.Take(MaxFiles)];
    }

    private static void AddMatches(string pattern, SortedSet<string> found)
    {
        var folder = Path.GetDirectoryName(pattern);
        var name = Path.GetFileName(pattern);
        if (!name.Contains('*', StringComparison.Ordinal))
        {
            if (File.Exists(pattern))
            {
                found.Add(pattern);
            }
            return;
        }
        if (Directory.Exists(folder))
        {
            found.UnionWith(Directory.EnumerateFiles(folder, name));
        }
    }

    private sealed record SeenFile((DateTime, long) Stamp, IReadOnlyList<TargetGroup> Groups);
}

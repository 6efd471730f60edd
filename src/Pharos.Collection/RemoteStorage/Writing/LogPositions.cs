using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pharos.Storage.Metrics.Log;

namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>Where in the log each queue stands, kept over restarts: one small file per queue, replaced as a whole.</summary>
/// <remarks>Thread-safe for different keys. The form of a file stands in docs/formats/remote-write-position.md. It is not
/// synced: a crash of the machine may bring an older position back, and what is sent twice the receiver knows already.</remarks>
internal sealed class LogPositions(string? directory)
{
    private const string Header = "pharos remote write position 1";

    private readonly ConcurrentDictionary<string, MetricLogPosition> _known = new(StringComparer.Ordinal);

    /// <summary>Null where the queue is new, or its file is not readable.</summary>
    public MetricLogPosition? Load(string key)
    {
        if (_known.TryGetValue(key, out var known))
        {
            return known;
        }
        if (directory is null || !File.Exists(PathOf(key)))
        {
            return null;
        }
        var lines = File.ReadAllLines(PathOf(key));
        return lines is [Header, _, var segment, var offset]
            && long.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? new MetricLogPosition(number, bytes) : null;
    }

    /// <exception cref="IOException">The disk refuses; the position before stays.</exception>
    public void Save(string key, MetricLogPosition position)
    {
        if (_known.TryGetValue(key, out var known) && known == position)
        {
            return;
        }
        if (directory is not null)
        {
            Directory.CreateDirectory(directory);
            var path = PathOf(key);
            var line = key.ReplaceLineEndings(" ");
            File.WriteAllText(path + ".tmp", $"{Header}\n{line}\n{position.Segment}\n{position.OffsetBytes}\n");
            File.Move(path + ".tmp", path, overwrite: true);
        }
        _known[key] = position;
    }

    /// <summary>An entry that left the configuration begins anew if it ever comes back.</summary>
    public void Remove(string key)
    {
        _known.TryRemove(key, out _);
        if (directory is not null)
        {
            File.Delete(PathOf(key));
        }
    }

    /// <summary>The keys are users' texts, so a file is named by their hash.</summary>
    private string PathOf(string key) => Path.Combine(
        directory!, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 8)) + ".position");
}

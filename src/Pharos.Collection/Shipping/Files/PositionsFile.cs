using System.Globalization;
using System.Text;

namespace Pharos.Collection.Shipping.Files;

/// <summary>Promtail's <c>positions.yaml</c>: read once, and written for people and for a way back.</summary>
/// <param name="path">Empty for none.</param>
/// <param name="clients">That read every file, each for itself. A file's position is that of the one which is behind.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class PositionsFile(string path, int clients)
{
    private readonly Lock _gate = new();

    /// <summary>What the file said when this began. What is written since then is no client's to begin from: another one wrote it.</summary>
    private readonly Dictionary<string, string> _found = ReadIfThere(path);
    private readonly Dictionary<string, Dictionary<string, long>> _offsets = new(StringComparer.Ordinal);
    private bool _changed;

    /// <summary>Where Promtail was in a file, or whoever wrote the positions before this began.</summary>
    public bool TryOffset(string file, out long offset)
    {
        lock (_gate)
        {
            offset = 0;
            return _found.TryGetValue(file, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out offset);
        }
    }

    /// <summary>A client is so far in a file.</summary>
    public void Set(string file, string client, long offset)
    {
        lock (_gate)
        {
            if (!_offsets.TryGetValue(file, out var ofFile))
            {
                _offsets.Add(file, ofFile = new Dictionary<string, long>(StringComparer.Ordinal));
            }
            _changed |= !ofFile.TryGetValue(client, out var old) || old != offset;
            ofFile[client] = offset;
        }
    }

    /// <summary>Replaces the file where something has changed.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Save()
    {
        if (path.Length == 0)
        {
            return;
        }
        ForgetGone();
        if (Changed() is not { } positions)
        {
            return;
        }
        var text = new StringBuilder("positions:\n");
        foreach (var (file, position) in positions)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {Quoted(file)}: \"{position}\"\n");
        }
        try
        {
            var part = $"{path}.{Environment.ProcessId}.tmp";
            File.WriteAllText(part, text.ToString());
            File.Move(part, path, overwrite: true);
        }
        catch
        {
            lock (_gate)
            {
                _changed = true;
            }
            throw;
        }
    }

    /// <summary>What the file is to say; null where it says so already.</summary>
    private SortedDictionary<string, string>? Changed()
    {
        lock (_gate)
        {
            if (!_changed)
            {
                return null;
            }
            _changed = false;
            var positions = new SortedDictionary<string, string>(_found, StringComparer.Ordinal);
            foreach (var (file, ofFile) in _offsets)
            {
                // A client that has not come to the file yet is where it was found.
                if (ofFile.Count == clients)
                {
                    positions[file] = ofFile.Values.Min().ToString(CultureInfo.InvariantCulture);
                }
            }
            return positions;
        }
    }

    /// <summary>As Promtail does: should a file of that name come again, it is another one.</summary>
    private void ForgetGone()
    {
        string[] files;
        lock (_gate)
        {
            files = [.. _found.Keys.Union(_offsets.Keys, StringComparer.Ordinal)];
        }
        foreach (var gone in files.Where(static file => file.StartsWith('/') && !File.Exists(file)))
        {
            lock (_gate)
            {
                _changed |= _found.Remove(gone) | _offsets.Remove(gone);
            }
        }
    }

    private static string Quoted(string path) =>
        path.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-') ? path : $"'{path.Replace("'", "''", StringComparison.Ordinal)}'";

    private static Dictionary<string, string> ReadIfThere(string path)
    {
        try
        {
            return Read(path.Length > 0 && File.Exists(path) ? File.ReadAllText(path) : "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then there is nothing to take over.
            return [];
        }
    }

    private static Dictionary<string, string> Read(string text)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var colon = line.LastIndexOf(": ", StringComparison.Ordinal);
            if (line.StartsWith("  ", StringComparison.Ordinal) && colon > 0)
            {
                var file = line[..colon].Trim();
                file = file is ['\'', .. var inside, '\''] ? inside.Replace("''", "'", StringComparison.Ordinal) : file.Trim('"');
                found[file] = line[(colon + 2)..].Trim().Trim('"', '\'');
            }
        }
        return found;
    }
}

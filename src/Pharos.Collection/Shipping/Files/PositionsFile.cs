using System.Globalization;
using System.Text;

namespace Pharos.Collection.Shipping.Files;

/// <summary>Promtail's <c>positions.yaml</c>: read once, and written for people and for a way back.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class PositionsFile
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, string> _positions = new(StringComparer.Ordinal);
    private readonly string _path;
    private bool _changed;

    public PositionsFile(string path)
    {
        _path = path;
        try
        {
            Read(path.Length > 0 && File.Exists(path) ? File.ReadAllText(path) : "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then there is nothing to take over.
        }
    }

    /// <summary>Where Promtail was in a file.</summary>
    public bool TryOffset(string path, out long offset)
    {
        lock (_gate)
        {
            offset = 0;
            return _positions.TryGetValue(path, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out offset);
        }
    }

    public void Set(string path, long offset)
    {
        lock (_gate)
        {
            var text = offset.ToString(CultureInfo.InvariantCulture);
            _changed |= !_positions.TryGetValue(path, out var old) || old != text;
            _positions[path] = text;
        }
    }

    public void Remove(string path)
    {
        lock (_gate)
        {
            _changed |= _positions.Remove(path);
        }
    }

    /// <summary>Replaces the file where something has changed.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Save()
    {
        var text = new StringBuilder("positions:\n");
        lock (_gate)
        {
            if (!_changed || _path.Length == 0)
            {
                return;
            }
            _changed = false;
            foreach (var (path, position) in _positions)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {Quoted(path)}: \"{position}\"\n");
            }
        }
        var part = $"{_path}.{Environment.ProcessId}.tmp";
        File.WriteAllText(part, text.ToString());
        File.Move(part, _path, overwrite: true);
    }

    private static string Quoted(string path) =>
        path.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-') ? path : $"'{path.Replace("'", "''", StringComparison.Ordinal)}'";

    private void Read(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var colon = line.LastIndexOf(": ", StringComparison.Ordinal);
            if (line.StartsWith("  ", StringComparison.Ordinal) && colon > 0)
            {
                var path = line[..colon].Trim();
                path = path is ['\'', .. var inside, '\''] ? inside.Replace("''", "'", StringComparison.Ordinal) : path.Trim('"');
                _positions[path] = line[(colon + 2)..].Trim().Trim('"', '\'');
            }
        }
    }
}

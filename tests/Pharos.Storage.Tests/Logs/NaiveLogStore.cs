using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Logs;

/// <summary>What a log store is, said plainly: a list of entries.</summary>
internal sealed class NaiveLogStore
{
    private readonly List<LogLine> _entries = [];
    private readonly List<LogLine> _unsealed = [];
    private readonly Dictionary<LabelSet, LogLine> _newest = [];

    public void Append(IEnumerable<LogLine> lines)
    {
        foreach (var line in lines)
        {
            var isKnown = _newest.TryGetValue(line.Labels, out var newest);
            if ((isKnown && newest!.ToString() == line.ToString()) || _unsealed.Exists(known => known.ToString() == line.ToString()))
            {
                continue;
            }
            if (!isKnown || line.TimeNs >= newest!.TimeNs)
            {
                _newest[line.Labels] = line;
            }
            _entries.Add(line);
            _unsealed.Add(line);
        }
    }

    public void Flush() => _unsealed.Clear();

    /// <summary>After a restart the newest is that of the entries that are not sealed.</summary>
    public void Restart()
    {
        _newest.Clear();
        foreach (var line in _unsealed)
        {
            if (!_newest.TryGetValue(line.Labels, out var newest) || line.TimeNs >= newest.TimeNs)
            {
                _newest[line.Labels] = line;
            }
        }
    }

    public void Delete(Func<LogLine, bool> isGone) => _entries.RemoveAll(line => isGone(line));

    public string[] Dump(long startNs = long.MinValue, long endNs = long.MaxValue, params LabelMatcher[] matchers)
    {
        var lines = _entries
            .Where(line => line.TimeNs >= startNs && line.TimeNs < endNs && matchers.All(matcher => matcher.Matches(line.Labels[matcher.Name])))
            .Select(static line => line.ToString()).ToArray();
        Array.Sort(lines, StringComparer.Ordinal);
        return lines;
    }
}

using System.Globalization;
using System.Text;
using Pharos.Query.LogQL.Syntax;

namespace Pharos.Query.LogQL.Pipeline.Stages;

/// <summary>Pairs <c>key=value key="quoted value"</c> as labels. A pair that is none is left out, or, where it is strict, ends the line.</summary>
internal sealed class LogfmtStage : LineStage
{
    private readonly LogStage.Logfmt _stage;
    private readonly LabelKeys _keys;
    private readonly (byte[] Source, LabelKey Key)[] _chosen;
    private readonly ByteText _name = new();
    private readonly ByteText _text = new();

    public LogfmtStage(LogStage.Logfmt stage, LabelKeys keys)
    {
        _stage = stage;
        _keys = keys;
        _chosen = [.. stage.Expressions.Select(expression => (Encoding.UTF8.GetBytes(expression.Expression), keys.Pin(expression.Label)))];
    }

    public override bool Apply(ref LogLine line)
    {
        var labels = line.Labels;
        if (_keys.OnlyWanted && _keys.WantedCount == 0)
        {
            return true;
        }
        var found = 0;
        for (var at = 0; LogfmtReader.Next(line.Text, ref at, out var pair);)
        {
            if (pair.Fault is not null)
            {
                if (_stage.Strict)
                {
                    labels.Fail(LineErrors.Logfmt,
                        string.Create(CultureInfo.InvariantCulture, $"logfmt syntax error at pos {pair.FaultAt + 1} : {pair.Fault}"));
                    break;
                }
                continue;
            }
            if (pair.Value.IsEmpty && !_stage.KeepEmpty)
            {
                continue;
            }
            if (_chosen.Length > 0)
            {
                Choose(labels, pair);
            }
            else if (Take(labels, pair) && _keys.StopsEarly && ++found == _keys.WantedCount)
            {
                return true;
            }
        }
        foreach (var (_, name) in _chosen)
        {
            if (labels.Extract(name) is { } key)
            {
                labels.Set(key, default);
            }
        }
        return true;
    }

    private bool Take(LineLabels labels, in LogfmtPair pair)
    {
        _name.Clear();
        LabelNames.AddSanitized(pair.Key, _name, isFirst: true);
        if (!_keys.Wants(_name.Written) || labels.Extract(_keys.Get(_name.Written)) is not { } key)
        {
            return false;
        }
        labels.Set(key, JsonLineReader.Unescape(pair.Value, _text, escapes: pair.IsEscaped));
        return true;
    }

    private void Choose(LineLabels labels, in LogfmtPair pair)
    {
        foreach (var (source, name) in _chosen)
        {
            if (pair.Key.SequenceEqual(source) && labels.Extract(name) is { } key)
            {
                labels.Set(key, JsonLineReader.Unescape(pair.Value, _text, escapes: pair.IsEscaped));
            }
        }
    }
}

using System.Globalization;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Series;

/// <summary>Reads the points of a <see cref="SeriesDescription"/>.</summary>
/// <param name="offset">How many characters stand before the text where its faults are counted from.</param>
internal sealed class SeriesPointParser(string text, int offset = 0)
{
    /// <summary>Bounds what one description may unfold to; <c>1x999999999</c> is short and is not.</summary>
    private const int MaxPoints = 2_000_000;

    private readonly List<SeriesPoint> _points = [];
    private int _at;

    public IReadOnlyList<SeriesPoint> All()
    {
        SkipBlanks();
        while (_at < text.Length)
        {
            Item();
            if (_at < text.Length && !char.IsWhiteSpace(text[_at]))
            {
                throw Unexpected();
            }
            SkipBlanks();
        }
        return _points;
    }

    private void Item()
    {
        if (text[_at] == '_')
        {
            _at++;
            var gaps = Times() ?? 1;
            for (var i = 0L; i < gaps; i++)
            {
                Add(SeriesPoint.Gap);
            }
            return;
        }
        var first = Value();
        var increases = _at < text.Length && text[_at] is '+' or '-';
        var step = increases ? Value(mustHaveSign: true) : (SeriesPoint?)null;
        var times = Times();
        if (increases && times is null)
        {
            throw Unexpected();
        }
        Add(first);
        for (var i = 0L; i < (times ?? 0); i++)
        {
            first = step is { } by ? Sum(first, by) : first;
            Add(first);
        }
    }

    /// <summary>What <c>x3</c> says, or null where there is none.</summary>
    private long? Times()
    {
        if (_at >= text.Length || text[_at] != 'x')
        {
            return null;
        }
        var start = ++_at;
        while (_at < text.Length && char.IsAsciiDigit(text[_at]))
        {
            _at++;
        }
        return long.TryParse(text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var times)
            && times <= MaxPoints ? times : throw Unexpected();
    }

    private SeriesPoint Value(bool mustHaveSign = false)
    {
        var sign = 1.0;
        if (_at < text.Length && text[_at] is '+' or '-')
        {
            sign = text[_at++] == '-' ? -1 : 1;
        }
        else if (mustHaveSign)
        {
            throw Unexpected();
        }
        if (text.AsSpan(_at).StartsWith("{{"))
        {
            var end = text.IndexOf("}}", _at, StringComparison.Ordinal);
            if (end < 0)
            {
                throw new FormatException("a histogram has no end");
            }
            var histogram = HistogramDescription.Parse(text[(_at + 2)..end]);
            _at = end + 2;
            return SeriesPoint.Of(sign < 0 ? histogram.Multiply(-1) : histogram);
        }
        var start = _at;
        while (_at < text.Length && IsOfNumber(start))
        {
            _at++;
        }
        var word = text[start.._at];
        if (word == "stale")
        {
            return SeriesPoint.Of(StaleMarker.Value);
        }
        return Number(word) is { } number ? SeriesPoint.Of(sign * number)
            : word.Length > 0 && char.IsAsciiLetter(word[0]) ? throw UnexpectedWord(start) : throw Unexpected();
    }

    private FormatException UnexpectedWord(int start)
    {
        var end = start;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or ':'))
        {
            end++;
        }
        return new FormatException(string.Create(CultureInfo.InvariantCulture,
            $"1:{offset + start + 1}: parse error: unexpected identifier {GoQuote.Quote(text[start..end])} in series values, expected number or \"stale\""));
    }

    /// <summary>Hexadecimal numbers are not read: <c>0x3</c> is a zero and three more.</summary>
    private bool IsOfNumber(int start)
    {
        var c = text[_at];
        return char.IsAsciiDigit(c) || c == '.' || (char.IsAsciiLetter(c) && c != 'x')
            || (c is '+' or '-' && _at > start && text[_at - 1] is 'e' or 'E' && char.IsAsciiDigit(text[start]));
    }

    private static double? Number(string word)
    {
        if (word.Length == 0)
        {
            return null;
        }
        return GoFloat.TryParse(word, out var value) || NumberScanner.TryReadDuration(word, out value) ? value : null;
    }

    private static SeriesPoint Sum(SeriesPoint before, SeriesPoint by)
    {
        if (before.Histogram is null && by.Histogram is null)
        {
            return SeriesPoint.Of(before.Value + by.Value);
        }
        if (before.Histogram is not { } histogram || by.Histogram is not { } increase)
        {
            throw new FormatException("a histogram and a number cannot be added");
        }
        if (histogram.Schema > increase.Schema)
        {
            throw new FormatException(
                $"error combining histograms: cannot merge from schema {increase.Schema} to {histogram.Schema}");
        }
        return SeriesPoint.Of(histogram.Add(increase, out _)
            ?? throw new FormatException("error combining histograms: exponential and custom buckets cannot be added"));
    }

    private void Add(SeriesPoint point)
    {
        if (_points.Count == MaxPoints)
        {
            throw new FormatException($"a series of more than {MaxPoints} points");
        }
        _points.Add(point);
    }

    private void SkipBlanks()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }

    private FormatException Unexpected() => new(_at < text.Length
        ? $"unexpected {GoQuote.Quote(text[_at..Math.Min(text.Length, _at + 20)])} in series values at {_at}"
        : "unexpected end of input in series values");
}

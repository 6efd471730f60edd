namespace Pharos.Storage.Text;

/// <summary>Where a <see cref="GoRegex"/> matched, or that it did not.</summary>
public readonly struct GoRegexMatch
{
    private readonly string _text;
    private readonly int[]? _places;

    /// <param name="text">What was searched.</param>
    /// <param name="places">The begin and the end of the match and of each group, -1 for a group that took no part; null without a match.</param>
    internal GoRegexMatch(string text, int[]? places)
    {
        _text = text;
        _places = places;
    }

    public bool Success => _places is not null;

    internal int Start => _places![0];

    internal int End => _places![1];

    /// <summary>Where a group stands in the text, [start, end); null where it took no part or does not exist.</summary>
    public (int Start, int End)? Place(int group) =>
        _places is not null && group < _places.Length / 2 && _places[2 * group] >= 0 ? (_places[2 * group], _places[(2 * group) + 1]) : null;

    /// <summary>What a group holds, the whole match for zero; empty where it took no part or does not exist.</summary>
    public string Value(int group) =>
        _places is not null && group < _places.Length / 2 && _places[2 * group] >= 0 ? _text[_places[2 * group].._places[(2 * group) + 1]] : "";
}

using System.Text;
using Pharos.Storage.Model;
using Pharos.Storage.Text;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Query.LogQL.Pipeline.Stages;

/// <summary>A label matcher on bytes.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class ValueTest(LabelMatcher matcher)
{
    private readonly bool _positive = matcher.Type is MatchType.Equal or MatchType.Regex;
    private readonly byte[] _wanted = Encoding.UTF8.GetBytes(matcher.Value);
    private readonly GoRegexBytes? _regex =
        matcher.Type is MatchType.Regex or MatchType.NotRegex ? GoRegexBytes.Anchored(matcher.Value) : null;

    public bool Matches(ReadOnlySpan<byte> value) => (_regex?.IsMatch(value) ?? value.SequenceEqual(_wanted)) == _positive;
}

using Microsoft.AspNetCore.Http;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Routing;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Alertmanager;

/// <summary>Which alerts a caller of <c>alerts</c> or <c>alerts/groups</c> wants to see.</summary>
internal sealed class AlertFilter
{
    private readonly bool _active;
    private readonly bool _silenced;
    private readonly bool _inhibited;
    private readonly bool _unprocessed;
    private readonly IReadOnlyList<LabelMatcher> _matchers;
    private readonly GoRegex? _receiver;
    private readonly IReadOnlyList<LabelMatcher> _receiverMatchers;

    private AlertFilter(
        IQueryCollection query, IReadOnlyList<LabelMatcher> matchers, GoRegex? receiver, IReadOnlyList<LabelMatcher> receiverMatchers)
    {
        _active = Flag(query, "active");
        _silenced = Flag(query, "silenced");
        _inhibited = Flag(query, "inhibited");
        _unprocessed = Flag(query, "unprocessed");
        Muted = Flag(query, "muted");
        _matchers = matchers;
        _receiver = receiver;
        _receiverMatchers = receiverMatchers;
    }

    /// <summary>Whether groups are shown of which every alert is suppressed.</summary>
    public bool Muted { get; }

    /// <returns>The filter, or null with Alertmanager's text for why not.</returns>
    public static AlertFilter? Read(IQueryCollection query, out string error)
    {
        if (Matchers(query, "filter", out error) is not { } matchers
            || Matchers(query, "receiver_matchers", out error) is not { } receiverMatchers)
        {
            return null;
        }
        GoRegex? receiver = null;
        if ((string?)query["receiver"] is { Length: > 0 } pattern)
        {
            try
            {
                receiver = GoRegex.Anchored(pattern);
            }
            catch (GoRegexException e)
            {
                error = $"failed to parse receiver param: {MatcherParser.AnchoredError(e.Message, pattern)}";
                return null;
            }
        }
        return new AlertFilter(query, matchers, receiver, receiverMatchers);
    }

    /// <summary>Every value of a parameter as one matcher each; null where one is none.</summary>
    public static List<LabelMatcher>? Matchers(IQueryCollection query, string name, out string error)
    {
        var matchers = new List<LabelMatcher>();
        foreach (var text in query[name])
        {
            var parsed = MatcherParser.ParseOne(text ?? "");
            if (parsed.Error is not null)
            {
                error = parsed.Error;
                return null;
            }
            matchers.AddRange(parsed.Matchers);
        }
        error = "";
        return matchers;
    }

    /// <summary>As go-openapi reads flags: the last value counts, and what is none of these words is false.</summary>
    public static bool Flag(IQueryCollection query, string name)
    {
        var text = query[name] is [.., var last] ? last : "";
        return string.IsNullOrEmpty(text)
            || text.ToLowerInvariant() is "true" or "1" or "yes" or "ok" or "y" or "on" or "selected" or "checked" or "t" or "enabled";
    }

    public bool WantsReceiver(string receiver) =>
        (_receiver?.IsMatch(receiver) ?? true)
        && _receiverMatchers.All(matcher => matcher.Matches(matcher.Name == "name" ? receiver : ""));

    /// <summary>An alert that no route has taken has no receiver; it is shown unless receivers are chosen.</summary>
    public bool WantsReceivers(IReadOnlyList<string> receivers) =>
        receivers.Any(WantsReceiver) || (receivers.Count == 0 && _receiver is null && _receiverMatchers.Count == 0);

    public bool Wants(AlertSnapshot alert) =>
        (_active || alert.State is not AlertState.Active)
        && (_unprocessed || alert.State is not AlertState.Unprocessed)
        && (_silenced || alert.SilencedBy.Count == 0)
        && (_inhibited || alert.InhibitedBy.Count == 0)
        && _matchers.All(matcher => matcher.Matches(alert.Alert.Labels[matcher.Name]));
}

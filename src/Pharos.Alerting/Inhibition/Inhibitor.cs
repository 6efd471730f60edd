using Pharos.Alerting.Alerts;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Inhibition;

/// <summary>Knows which alerts are muted because another one fires.</summary>
/// <remarks>Not thread-safe: the pipeline's lock guards it. Each rule keeps every source of an <c>equal</c> key, so that one
/// source that resolves never hides another that still fires.</remarks>
internal sealed class Inhibitor(IReadOnlyList<InhibitRuleOptions> rules)
{
    private readonly RuleIndex[] _rules = [.. rules.Select(rule => new RuleIndex(rule))];

    public void Update(Alert alert)
    {
        foreach (var rule in _rules)
        {
            rule.Update(alert);
        }
    }

    public void Remove(LabelSet labels)
    {
        foreach (var rule in _rules)
        {
            rule.Remove(labels);
        }
    }

    /// <summary>The first source found for each rule that mutes these labels; empty where none does.</summary>
    public IReadOnlyList<Alert> InhibitedBy(LabelSet labels, DateTimeOffset now)
    {
        List<Alert>? sources = null;
        foreach (var rule in _rules)
        {
            if (rule.FindSource(labels, now) is { } source && sources?.Contains(source) != true)
            {
                (sources ??= []).Add(source);
            }
        }
        return sources is null ? [] : sources;
    }

    private sealed class RuleIndex(InhibitRuleOptions rule)
    {
        private readonly Dictionary<LabelSet, Dictionary<LabelSet, Alert>> _sourcesByKey = [];

        public void Update(Alert alert)
        {
            if (!Matches(rule.SourceMatchers, alert.Labels))
            {
                return;
            }
            var key = KeyOf(alert.Labels);
            if (!_sourcesByKey.TryGetValue(key, out var sources))
            {
                _sourcesByKey.Add(key, sources = []);
            }
            sources[alert.Labels] = alert;
        }

        public void Remove(LabelSet labels)
        {
            var key = KeyOf(labels);
            if (_sourcesByKey.TryGetValue(key, out var sources) && sources.Remove(labels) && sources.Count == 0)
            {
                _sourcesByKey.Remove(key);
            }
        }

        public Alert? FindSource(LabelSet labels, DateTimeOffset now)
        {
            if (!Matches(rule.TargetMatchers, labels) || !_sourcesByKey.TryGetValue(KeyOf(labels), out var sources))
            {
                return null;
            }
            // Who is on both sides of the rule is muted only by one who is on the source side alone.
            var onBothSides = Matches(rule.SourceMatchers, labels);
            foreach (var source in sources.Values)
            {
                if (!source.IsResolvedAt(now) && !(onBothSides && Matches(rule.TargetMatchers, source.Labels)))
                {
                    return source;
                }
            }
            return null;
        }

        private static bool Matches(IReadOnlyList<LabelMatcher> matchers, LabelSet labels)
        {
            foreach (var matcher in matchers)
            {
                if (!matcher.Matches(labels[matcher.Name]))
                {
                    return false;
                }
            }
            return true;
        }

        /// <summary>A missing label and an empty one give the same key.</summary>
        private LabelSet KeyOf(LabelSet labels)
        {
            var key = new LabelSetBuilder();
            foreach (var name in rule.Equal)
            {
                key.Set(name, labels[name]);
            }
            return key.Build();
        }
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pharos.Storage.Model;

namespace Pharos.Collection.Relabeling;

/// <summary>Applies relabel rules to a label set, exactly as Prometheus does.</summary>
public static class Relabeler
{
    /// <summary>Applies the rules in order; stops at the first that drops the set.</summary>
    /// <returns>False where a rule dropped the set: its labels are then of no further use.</returns>
    public static bool Apply(IReadOnlyList<RelabelRule> rules, LabelSetBuilder labels)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            if (!Apply(rules[i], labels))
            {
                return false;
            }
        }
        return true;
    }

    private static bool Apply(RelabelRule rule, LabelSetBuilder labels)
    {
        var value = Source(rule, labels);
        switch (rule.Action)
        {
            case RelabelAction.Drop:
                return !rule.Regex.IsMatch(value);
            case RelabelAction.Keep:
                return rule.Regex.IsMatch(value);
            case RelabelAction.DropEqual:
                return labels[rule.TargetLabel] != value;
            case RelabelAction.KeepEqual:
                return labels[rule.TargetLabel] == value;
            case RelabelAction.Replace:
                Replace(rule, value, labels);
                break;
            case RelabelAction.Lowercase:
                labels.Set(rule.TargetLabel, value.ToLowerInvariant());
                break;
            case RelabelAction.Uppercase:
                labels.Set(rule.TargetLabel, value.ToUpperInvariant());
                break;
            case RelabelAction.HashMod:
                labels.Set(rule.TargetLabel, HashMod(value, rule.Modulus));
                break;
            case RelabelAction.LabelMap:
                LabelMap(rule, labels);
                break;
            case RelabelAction.LabelDrop:
                RemoveNames(rule, labels, whereMatching: true);
                break;
            case RelabelAction.LabelKeep:
                RemoveNames(rule, labels, whereMatching: false);
                break;
        }
        return true;
    }

    private static string Source(RelabelRule rule, LabelSetBuilder labels) => rule.SourceLabels switch
    {
        [] => "",
        [var only] => labels[only],
        var names => string.Join(rule.Separator, names.Select(name => labels[name])),
    };

    private static void Replace(RelabelRule rule, string value, LabelSetBuilder labels)
    {
        var match = rule.Regex.Match(value);
        if (!match.Success)
        {
            return;
        }
        var target = rule.Regex.Expand(rule.TargetLabel, match);
        if (rule.IsValidName(target))
        {
            labels.Set(target, rule.Regex.Expand(rule.Replacement, match));
        }
    }

    /// <summary>The last eight bytes of the MD5 sum as a big-endian number, modulo: a fixed part of the format.</summary>
    private static string HashMod(string value, ulong modulus)
    {
        Span<byte> sum = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(Encoding.UTF8.GetBytes(value), sum);
        return (BinaryPrimitives.ReadUInt64BigEndian(sum[8..]) % modulus).ToString(CultureInfo.InvariantCulture);
    }

    private static void LabelMap(RelabelRule rule, LabelSetBuilder labels)
    {
        foreach (var label in Sorted(labels))
        {
            if (rule.Regex.IsMatch(label.Name))
            {
                labels.Set(rule.Regex.ReplaceAll(label.Name, rule.Replacement), label.Value);
            }
        }
    }

    private static void RemoveNames(RelabelRule rule, LabelSetBuilder labels, bool whereMatching)
    {
        foreach (var label in Sorted(labels))
        {
            if (rule.Regex.IsMatch(label.Name) == whereMatching)
            {
                labels.Remove(label.Name);
            }
        }
    }

    /// <summary>The labels as they stand before the rule, by name, so that a clash of two has one outcome.</summary>
    private static Label[] Sorted(LabelSetBuilder labels) =>
        [.. labels.Labels.OrderBy(label => label.Name, StringComparer.Ordinal)];
}

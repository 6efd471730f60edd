using System.Globalization;
using Pharos.Storage.Traces.Records;
using Pharos.Storage.Traces.Search;

namespace Pharos.Storage.Traces.Head;

/// <summary>A condition of one query with its texts as they stand in records, made once for all of them. Immutable.</summary>
internal sealed class HeadCondition
{
    private const byte Numbers = (1 << (int)AttributeKind.Int) | (1 << (int)AttributeKind.Double);

    public HeadCondition(SpanCondition condition)
    {
        Condition = condition;
        AsksOneText = condition.Operator == SpanOperator.TextEqual || condition is { Operator: SpanOperator.Equal, Value.Kind: AttributeKind.Text };
        Key = SpanRecord.AsStored(condition.Key);
        Kinds = KindsOf(condition);
        Cost = CostOf(condition);
        if (!AsksOneText)
        {
            return;
        }
        var text = condition.Value.ToString();
        Text = SpanRecord.AsStored(text);
        if (condition.Operator == SpanOperator.TextEqual)
        {
            KindsByText = (1 << (int)AttributeKind.Text) | (1 << (int)AttributeKind.Array) | (1 << (int)AttributeKind.Map);
            Bytes = BytesOf(text);
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                && number.ToString(CultureInfo.InvariantCulture) == text)
            {
                Int = number;
            }
        }
        else
        {
            KindsByText = 1 << (int)AttributeKind.Text;
        }
    }

    public SpanCondition Condition { get; }

    /// <summary>Whether a text satisfies it only if it is the one of <see cref="Text"/>.</summary>
    public bool AsksOneText { get; }

    /// <summary>As it stands in a record.</summary>
    public byte[] Key { get; }

    /// <summary>As it stands in a record; empty where not one text is asked for.</summary>
    public byte[] Text { get; } = [];

    /// <summary>The bytes of which <see cref="Text"/> is the form that they are compared in, as they stand in a record; null where there are none.</summary>
    public byte[]? Bytes { get; }

    /// <summary>The integer that is written as <see cref="Text"/>.</summary>
    public long? Int { get; }

    /// <summary>A bit for each <see cref="AttributeKind"/> of which a value may satisfy it whatever texts a record has.</summary>
    public byte Kinds { get; }

    /// <summary>A bit for each kind of which a value satisfies it only in a record that has <see cref="Text"/>.</summary>
    public byte KindsByText { get; }

    /// <summary>Conditions are decided in this order.</summary>
    public int Cost { get; }

    private static byte KindsOf(SpanCondition condition)
    {
        switch (condition.Operator)
        {
            case SpanOperator.Exists:
                return byte.MaxValue;
            case SpanOperator.TextEqual:
                var text = condition.Value.ToString();
                return (byte)((text is "true" or "false" ? 1 << (int)AttributeKind.Bool : 0)
                    | (text.Length == 0 ? 1 << (int)AttributeKind.Empty : 0) | (MayBeNumber(text) ? Numbers : 0));
            case SpanOperator.Matches or SpanOperator.NotMatches:
                return (1 << (int)AttributeKind.Text) | (1 << (int)AttributeKind.Array);
            case SpanOperator.Equal when condition.Value.Kind == AttributeKind.Text:
                return 1 << (int)AttributeKind.Array;
            default:
                var kind = condition.Value.Kind;
                return (byte)((1 << (int)AttributeKind.Array) | (kind is AttributeKind.Int or AttributeKind.Double ? Numbers : 1 << (int)kind));
        }
    }

    private static int CostOf(SpanCondition condition) => condition.Field switch
    {
        SpanField.Kind or SpanField.Status or SpanField.Duration => 0,
        SpanField.Service or SpanField.Name or SpanField.ScopeName or SpanField.ScopeVersion => 1,
        SpanField.Attribute => 2,
        _ => 3,
    };

    private static bool MayBeNumber(string text) => text is "NaN" or "+Inf" or "-Inf"
        || (text.Length > 0 && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _));

    private static byte[]? BytesOf(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var count) && Convert.ToBase64String(bytes, 0, count) == text
            ? SpanRecord.AsStored(bytes.AsSpan(0, count)) : null;
    }
}

using Pharos.Query.Templates.Values;

namespace Pharos.Query.Templates.Execution;

/// <summary><c>eq ne lt le gt ge</c>: only values of one basic kind compare.</summary>
internal static class GoComparison
{
    private static readonly TemplateException WrongType = new("invalid type for comparison");
    private static readonly TemplateException Incompatible = new("incompatible types for comparison");

    public static TemplateValue Equal(TemplateCall call)
    {
        if (call.Arguments.Length < 2)
        {
            throw new TemplateException("missing argument for comparison");
        }
        for (var i = 1; i < call.Arguments.Length; i++)
        {
            if (AreEqual(call[0], call[i]))
            {
                return true;
            }
        }
        return false;
    }

    public static bool AreEqual(TemplateValue left, TemplateValue right)
    {
        if (left.Kind == TemplateKind.None || right.Kind == TemplateKind.None)
        {
            return left.Kind == right.Kind;
        }
        if (BasicKind(left) != BasicKind(right))
        {
            throw Incompatible;
        }
        return left.Kind switch
        {
            TemplateKind.Bool => left.Bool == right.Bool,
            TemplateKind.Integer => left.Integer == right.Integer,
            TemplateKind.Float => left.Float == right.Float,
            TemplateKind.Text or TemplateKind.Html or TemplateKind.Url => string.Equals(left.Text, right.Text, StringComparison.Ordinal),
            TemplateKind.Object when left.TypeName == right.TypeName => left.Object.Host.Equals(right.Object.Host),
            _ => throw new TemplateException($"non-comparable types {GoPrinter.Print(left)}: {left.TypeName}, " +
                $"{right.TypeName}: {GoPrinter.Print(right)}"),
        };
    }

    public static bool IsLess(TemplateValue left, TemplateValue right)
    {
        if (BasicKind(left) is TemplateKind.None or TemplateKind.Object ||
            BasicKind(right) is TemplateKind.None or TemplateKind.Object)
        {
            throw WrongType;
        }
        if (BasicKind(left) != BasicKind(right))
        {
            throw Incompatible;
        }
        return left.Kind switch
        {
            TemplateKind.Integer => left.Integer < right.Integer,
            TemplateKind.Float => left.Float < right.Float,
            TemplateKind.Text or TemplateKind.Html or TemplateKind.Url => string.CompareOrdinal(left.Text, right.Text) < 0,
            _ => throw WrongType,
        };
    }

    public static bool IsLessOrEqual(TemplateValue left, TemplateValue right) =>
        IsLess(left, right) || AreEqual(left, right);

    private static TemplateKind BasicKind(TemplateValue value) => value.Kind switch
    {
        TemplateKind.Html or TemplateKind.Url => TemplateKind.Text,
        TemplateKind.List or TemplateKind.Map => TemplateKind.Object,
        _ => value.Kind,
    };
}

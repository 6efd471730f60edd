using System.Globalization;
using System.Text;
using Pharos.Query.Templates.Values;
using static Pharos.Query.Templates.Execution.TemplateFunction;

namespace Pharos.Query.Templates.Execution;

/// <summary>The functions that Go's template language itself has. <c>and</c> and <c>or</c> are the executor's, because
/// they leave arguments unevaluated.</summary>
internal static class Builtins
{
    public static readonly IReadOnlyDictionary<string, TemplateFunction> All =
        new Dictionary<string, TemplateFunction>(StringComparer.Ordinal)
        {
            ["and"] = new([Any, Any], static call => call.Arguments[^1], IsVariadic: true),
            ["or"] = new([Any, Any], static call => call.Arguments[^1], IsVariadic: true),
            ["not"] = new([Any], static call => !call[0].IsTrue),
            ["call"] = new([Any, Any], static call => throw new TemplateException(call[0].Kind == TemplateKind.None
                ? "call of nil" : $"non-function {GoPrinter.Print(call[0])} of type {call[0].TypeName}"), IsVariadic: true),
            ["html"] = new([Any], static call => GoEscape.Html(Joined(call)), IsVariadic: true),
            ["js"] = new([Any], static call => GoEscape.Script(Joined(call)), IsVariadic: true),
            ["urlquery"] = new([Any], static call => GoEscape.Query(Joined(call)), IsVariadic: true),
            ["index"] = new([Any, Any], Index, IsVariadic: true),
            ["slice"] = new([Any, Any], Slice, IsVariadic: true),
            ["len"] = new([Any], Length),
            ["print"] = new([Any], static call => GoPrinter.Print(call.Arguments), IsVariadic: true),
            ["println"] = new([Any], static call => GoPrinter.PrintLine(call.Arguments), IsVariadic: true),
            ["printf"] = new([Text, Any], static call => GoFormat.Sprintf(call.Text(0), call.Arguments.AsSpan(1)), IsVariadic: true),
            ["eq"] = new([Any, Any], GoComparison.Equal, IsVariadic: true),
            ["ne"] = new([Any, Any], static call => !GoComparison.AreEqual(call[0], call[1])),
            ["lt"] = new([Any, Any], static call => GoComparison.IsLess(call[0], call[1])),
            ["le"] = new([Any, Any], static call => GoComparison.IsLessOrEqual(call[0], call[1])),
            ["gt"] = new([Any, Any], static call => !GoComparison.IsLessOrEqual(call[0], call[1])),
            ["ge"] = new([Any, Any], static call => !GoComparison.IsLess(call[0], call[1])),
        };

    private static string Joined(TemplateCall call) => GoPrinter.Print(call.Arguments);

    private static TemplateValue Length(TemplateCall call) => call[0].Kind switch
    {
        TemplateKind.Text or TemplateKind.Html or TemplateKind.Url => (long)Encoding.UTF8.GetByteCount(call[0].Text),
        TemplateKind.List => (long)call[0].List.Items.Count,
        TemplateKind.Map => (long)call[0].Map.Entries.Count,
        TemplateKind.None => throw new TemplateException("len of nil pointer"),
        _ => throw new TemplateException("len of type " + call[0].TypeName),
    };

    private static TemplateValue Index(TemplateCall call)
    {
        var item = call[0];
        if (item.Kind == TemplateKind.None)
        {
            throw new TemplateException("index of untyped nil");
        }
        for (var i = 1; i < call.Arguments.Length; i++)
        {
            item = IndexOnce(item, call[i]);
        }
        return item;
    }

    private static TemplateValue IndexOnce(TemplateValue item, TemplateValue index)
    {
        switch (item.Kind)
        {
            case TemplateKind.List:
                return item.List.Items[(int)Position(index, item.List.Items.Count - 1)];
            case TemplateKind.Text or TemplateKind.Html or TemplateKind.Url:
                var bytes = Encoding.UTF8.GetBytes(item.Text);
                return (long)bytes[Position(index, bytes.Length - 1)];
            case TemplateKind.Map when !index.IsText:
                throw new TemplateException(index.Kind == TemplateKind.None ? "value is nil; should be of type string"
                    : $"value has type {index.TypeName}; should be string");
            case TemplateKind.Map:
                return item.Map.Entries.TryGetValue(index.Text, out var found) ? found : item.Map.Zero;
            case TemplateKind.None:
                throw new TemplateException("index of nil pointer");
            default:
                throw new TemplateException("can't index item of type " + item.TypeName);
        }
    }

    private static TemplateValue Slice(TemplateCall call)
    {
        var item = call[0];
        if (item.Kind == TemplateKind.None)
        {
            throw new TemplateException("slice of untyped nil");
        }
        if (call.Arguments.Length > 4)
        {
            throw new TemplateException(string.Create(CultureInfo.InvariantCulture, $"too many slice indexes: {call.Arguments.Length - 1}"));
        }
        if (item.Kind is not (TemplateKind.List or TemplateKind.Text or TemplateKind.Html or TemplateKind.Url))
        {
            throw new TemplateException("can't slice item of type " + item.TypeName);
        }
        if (item.IsText && call.Arguments.Length == 4)
        {
            throw new TemplateException("cannot 3-index slice a string");
        }
        var bytes = item.IsText ? Encoding.UTF8.GetBytes(item.Text) : null;
        var count = bytes?.Length ?? item.List.Items.Count;
        var start = call.Arguments.Length > 1 ? Position(call[1], count) : 0;
        var end = call.Arguments.Length > 2 ? Position(call[2], count) : count;
        var capacity = call.Arguments.Length > 3 ? Position(call[3], count) : count;
        if (start > end || end > capacity)
        {
            throw new TemplateException(string.Create(CultureInfo.InvariantCulture,
                $"invalid slice index: {(start > end ? start : end)} > {(start > end ? end : capacity)}"));
        }
        return bytes is not null ? Encoding.UTF8.GetString(bytes, (int)start, (int)(end - start))
            : new TemplateList(item.List.Type, [.. item.List.Items.Skip((int)start).Take((int)(end - start))]);
    }

    private static long Position(TemplateValue index, long last)
    {
        if (index.Kind != TemplateKind.Integer)
        {
            throw new TemplateException(index.Kind == TemplateKind.None ? "cannot index slice/array with nil"
                : "cannot index slice/array with type " + index.TypeName);
        }
        return index.Integer >= 0 && index.Integer <= last ? index.Integer
            : throw new TemplateException(string.Create(CultureInfo.InvariantCulture, $"index out of range: {index.Integer}"));
    }
}

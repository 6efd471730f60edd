using Pharos.Query.Templates.Values;

namespace Pharos.Query.Templates.Execution;

/// <summary>A function or method that templates may call.</summary>
/// <param name="Parameters">The parameters' types as Go names them; <see cref="Any"/> takes everything.</param>
/// <param name="IsVariadic">Whether the last parameter may be given any number of times.</param>
public sealed record TemplateFunction(
    string[] Parameters, Func<TemplateCall, TemplateValue> Invoke, bool IsVariadic = false)
{
    public const string Any = "interface {}";
    public const string Text = "string";
    public const string Integer = "int";
    public const string Float = "float64";
    public const string Strings = "[]string";

    /// <summary>Whether a value may be given for a parameter of a type without a conversion.</summary>
    public static bool Accepts(string parameter, TemplateValue value) =>
        parameter == Any || parameter == value.TypeName ||
        (value.Kind is TemplateKind.List or TemplateKind.Map && parameter == value.Type!.Underlying);

    public static bool CanBeNil(string parameter) => parameter == Any ||
        parameter.StartsWith("[]", StringComparison.Ordinal) || parameter.StartsWith("map[", StringComparison.Ordinal) ||
        parameter.StartsWith('*');
}

using System.CommandLine;

namespace Pharos.Cli.Commands;

/// <summary>Arguments that name files which must be there.</summary>
internal static class ExistingFiles
{
    public static Argument<string[]> Argument(string name, string description, bool required = true)
    {
        var argument = new Argument<string[]>(name)
        {
            Description = description,
            Arity = required ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore,
        };
        return argument;
    }

    /// <exception cref="FormatException">One is not there.</exception>
    public static string[] Of(ParseResult parsed, Argument<string[]> argument)
    {
        var files = parsed.GetValue(argument) ?? [];
        return files.FirstOrDefault(static file => !Path.Exists(file)) is { } missing
            ? throw new FormatException($"path '{missing}' does not exist") : files;
    }
}

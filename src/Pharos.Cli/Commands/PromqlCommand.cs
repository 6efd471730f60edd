using System.CommandLine;
using Pharos.Cli.Commands.Queries;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Cli.Commands;

/// <summary><c>pharos promql format|label-matchers</c>: queries laid out and edited, as promtool does.</summary>
internal static class PromqlCommand
{
    public static Command Create()
    {
        var query = Query();
        var format = new Command("format", "Lays a query out over several lines.") { query };
        format.Ask((parsed, _) => Print(Parse(parsed.GetValue(query)!)));
        var command = new Command("promql", "Lays out and edits queries.")
        {
            format,
            new Command("label-matchers", "Edits the label matchers of a query.") { Set(), Delete() },
        };
        command.Add(new Option<bool>("--experimental") { Description = "Accepted for promtool's sake.", Recursive = true, Hidden = true });
        return command;
    }

    private static Command Set()
    {
        var type = new Option<string>("--type", "-t") { Description = "=, !=, =~ or !~.", DefaultValueFactory = _ => "=" };
        type.AcceptOnlyFromAmong("=", "!=", "=~", "!~");
        var query = Query();
        var name = new Argument<string>("NAME") { Description = "Name of the label." };
        var value = new Argument<string>("VALUE") { Description = "Value of the matcher." };
        var command = new Command("set", "Sets a matcher in every selector of a query.") { type, query, name, value };
        command.Ask((parsed, _) =>
        {
            var kind = parsed.GetValue(type) switch
            {
                "=" => MatchType.Equal,
                "!=" => MatchType.NotEqual,
                "=~" => MatchType.Regex,
                _ => MatchType.NotRegex,
            };
            var matcher = new LabelMatcher(kind, parsed.GetValue(name)!, parsed.GetValue(value)!);
            return Print(MatcherEdit.Set(Parse(parsed.GetValue(query)!), matcher));
        });
        return command;
    }

    private static Command Delete()
    {
        var query = Query();
        var name = new Argument<string>("NAME") { Description = "Name of the label." };
        var command = new Command("delete", "Takes a label's matchers out of every selector of a query.") { query, name };
        command.Ask((parsed, _) => Print(MatcherEdit.Delete(Parse(parsed.GetValue(query)!), parsed.GetValue(name)!)));
        return command;
    }

    private static Argument<string> Query() => new("QUERY") { Description = "The PromQL query." };

    private static Expr Parse(string query)
    {
        try
        {
            return PromParser.Parse(query);
        }
        catch (PromParseException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private static Task Print(Expr expr)
    {
        Console.Out.WriteLine(expr.Pretty());
        return Task.CompletedTask;
    }
}

namespace Pharos.Cli.Tests;

public sealed class VerbTests
{
    /// <summary>The command line makes only the verb that is asked for, by the name in its table.</summary>
    [Fact]
    public void Every_verb_is_found_by_its_own_name() =>
        Assert.All(CommandLine.Verbs, static verb => Assert.Equal(verb.Verb, verb.Create().Name));
}

using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Tests.Configuration.Yaml;

public sealed class YamlScalarPositionTests
{
    [Theory]
    [InlineData("e: sum(X)", 1, 8)]
    [InlineData("e: 'it''s X'", 1, 11)]
    [InlineData("e: \"a \\\"b\\\" X\"", 1, 13)]
    [InlineData("e: \"a\\nX\"", 1, 8)]
    [InlineData("e: |\n  sum(\n    X)\n", 3, 5)]
    [InlineData("e: >-\n  sum by (a) (\n  X)\n", 3, 3)]
    [InlineData("e: sum(\n   a +\n   X)", 3, 4)]
    [InlineData("e: &anchor 'X'", 1, 13)]
    public void A_character_of_the_text_is_found_in_the_file(string yaml, int line, int column)
    {
        var value = ConfigFiles.Yaml(yaml).AsMapping()!.Find("e")!;
        var scalar = Assert.IsType<YamlScalar>(value.Node);
        var offset = scalar.Text.IndexOf('X', StringComparison.Ordinal);
        Assert.Equal((line, column), YamlScalarPosition.Find(yaml, scalar, offset));
    }
}

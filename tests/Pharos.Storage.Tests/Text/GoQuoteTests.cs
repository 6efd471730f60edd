using Pharos.Storage.Text;

namespace Pharos.Storage.Tests.Text;

public sealed class GoQuoteTests
{
    [Theory]
    [InlineData(@"""a\xc5z""")]
    [InlineData(@"""\xff\xfe""")]
    [InlineData(@"""é \\ \"" \n""")]
    [InlineData(@"""\xed\xa0\x80""")]
    public void Bytes_that_are_no_text_are_written_as_they_were_read(string literal)
    {
        Assert.True(GoQuote.TryUnquote(literal, out var text));
        Assert.Equal(literal, GoQuote.Quote(text));
    }

    [Theory]
    [InlineData(@"""a\xc5z""", false)]
    [InlineData(@"""\xc3\xa9""", true)]
    [InlineData(@"""\U0001f600""", true)]
    [InlineData(@"""""", true)]
    public void Only_UTF8_is_text(string literal, bool isText)
    {
        Assert.True(GoQuote.TryUnquote(literal, out var text));
        Assert.Equal(isText, GoQuote.IsUtf8(text));
    }
}

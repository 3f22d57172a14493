using MeaiRouter.Policies;
using MeaiRouter.Text;

namespace MeaiRouter.Core.Tests.Text;

public sealed class NamePatternTests
{
    [Theory]
    [InlineData("acme/large", "acme/large", true)]
    [InlineData("ACME/large", "acme/LARGE", true)]
    [InlineData("acme/large", "acme/larg", false)]
    [InlineData("acme/large", "acme/larger", false)]
    [InlineData("acme/large", "*", true)]
    [InlineData("", "*", true)]
    [InlineData("", "", true)]
    [InlineData("a", "", false)]
    [InlineData("acme/large", "acme/*", true)]
    [InlineData("acme/", "acme/*", true)]
    [InlineData("other/large", "acme/*", false)]
    [InlineData("acme/large", "*large", true)]
    [InlineData("acme/large-2", "*large", false)]
    [InlineData("acme/large-large", "*large", true)]
    [InlineData("acme/large-2", "*/*-*", true)]
    [InlineData("aXbXc", "a*X*c", true)]
    [InlineData("aaab", "*a*ab", true)]
    [InlineData("ab", "a**b", true)]
    [InlineData("a?c", "a?c", true)]
    [InlineData("abc", "a?c", false)]
    public void A_star_stands_for_any_characters_and_nothing_else_does(string name, string pattern, bool matches) =>
        Assert.Equal(matches, NamePattern.Matches(name, pattern));
}

using System.Diagnostics;
using System.Text;
using System.Text.Json;
using MeaiRouter.Core.Tests.Schemas;
using MeaiRouter.Mending;

namespace MeaiRouter.Core.Tests.Mending;

public sealed class JsonMenderTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""", "")]
    [InlineData("""  { "a" : [ 1 , 2 ] }  """, """{"a":[1,2]}""", "")]
    [InlineData("```json\n{\"a\":1}\n```", """{"a":1}""", "text around it")]
    [InlineData("Sure! Here it is: {\"a\":1} I hope it helps :)", """{"a":1}""", "text around it")]
    [InlineData("Of the set {a, b} I take {\"a\":1}", """{"a":1}""", "text around it")]
    [InlineData("\uFEFF{\"a\":1}", """{"a":1}""", "text around it")]
    [InlineData("""{"a":1,}""", """{"a":1}""", "commas")]
    [InlineData("""{"a":[1,2,],}""", """{"a":[1,2]}""", "commas")]
    [InlineData("""[1,,2]""", """[1,2]""", "commas")]
    [InlineData("{\"a\":\"x\"\n\"b\":2}", """{"a":"x","b":2}""", "commas")]
    [InlineData("""[{"a":1} {"a":2}]""", """[{"a":1},{"a":2}]""", "commas")]
    [InlineData("""{'a':'it''s'}""", """{"a":"it''s"}""", "quotes")]
    [InlineData("""{'a':'it's "fine"'}""", """{"a":"it's \"fine\""}""", "quotes")]
    [InlineData("""{"a":"he said "hi" to me"}""", """{"a":"he said \"hi\" to me"}""", "quotes")]
    [InlineData("{\u201Ca\u201D:\u201Cx\u201D}", """{"a":"x"}""", "quotes")]
    [InlineData("{\u2018a\u2019:\u201Ex\u201C}", """{"a":"x"}""", "quotes")]
    [InlineData("""{a:1,b-c:2,$d_1:3}""", """{"a":1,"b-c":2,"$d_1":3}""", "bare names")]
    [InlineData("""{"a":True,"b":None,"c":False,"d":NaN,"e":undefined,"f":-Infinity}""", """{"a":true,"b":null,"c":false,"d":null,"e":null,"f":null}""", "words of other languages")]
    [InlineData("{\"a\":1, // one\n\"b\":/* two */2, # three\n}", """{"a":1,"b":2}""", "commas, comments")]
    [InlineData("""{"a":+1,"b":.5,"c":2.,"d":-.5,"e":1_000,"f":01234}""", """{"a":1,"b":0.5,"c":2.0,"d":-0.5,"e":1000,"f":"01234"}""", "numbers")]
    [InlineData("{\"a\":\"x\ny\tz\"}", """{"a":"x\ny\tz"}""", "escapes")]
    [InlineData("""{"a":"C:\dir\x41\'"}""", """{"a":"C:\\dir\u0041'"}""", "escapes")]
    [InlineData("""{"a":"\ud83d\ude42 \ud83d \ude42"}""", """{"a":"\ud83d\ude42 � �"}""", "escapes")]
    [InlineData("""{"a":[1,2}""", """{"a":[1,2]}""", "brackets")]
    [InlineData("""[{"a":{"b":"c"]""", """[{"a":{"b":"c"}}]""", "brackets")]
    [InlineData("""{"a":1}}}""", """{"a":1}""", "text around it")]
    public void What_was_certainly_meant_is_made_valid(string text, string json, string flaws)
    {
        var found = Assert.Single(JsonMender.Find(text));

        Assert.Equal((json, true, flaws), (found.Text, found.IsClosed, found.FlawsInWords));
        JsonElement.Parse(found.Text);
    }

    [Theory]
    [InlineData("""{"a":{"b":"c" """, """{"a":{"b":"c"}}""")]
    [InlineData("""[{"a":true""", """[{"a":true}]""")]
    [InlineData("""{"a":[1,2]""", """{"a":[1,2]}""")]
    [InlineData("""[null,{}""", """[null,{}]""")]
    public void Where_only_brackets_are_missing_at_the_end_it_says_so(string text, string json)
    {
        var found = Assert.Single(JsonMender.Find(text));

        Assert.Equal((json, false), (found.Text, found.IsClosed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON at all")]
    [InlineData("{")]
    [InlineData("""{"a" """)]
    [InlineData("""{"a":""")]
    [InlineData("""{"a":"x""")]
    [InlineData("""{"a":1""")]
    [InlineData("""{"a":tru""")]
    [InlineData("""{"a":1,""")]
    [InlineData("""{"a":[1,2,...]}""")]
    [InlineData("""{"a":1,"b":@,"c":{"d":1}}""")]
    [InlineData("""{"a":"x" [ {"b":1} ]""")]
    [InlineData("""[[1],...]""")]
    public void What_is_cut_or_cannot_be_read_is_left_alone(string text) => Assert.Empty(JsonMender.Find(text));

    [Fact]
    public void No_beginning_of_a_value_is_taken_for_the_whole()
    {
        var random = new Random(5);
        for (var round = 0; round < 300; round++)
        {
            var json = RandomJson.Value(random, 4);
            if (json[0] is not ('{' or '['))
                continue;

            Assert.True(Same(json, Assert.Single(JsonMender.Find(json)).Text));
            for (var length = 1; length < json.Length; length++)
                Assert.DoesNotContain(JsonMender.Find(json.AsSpan(0, length)), found => found.IsClosed);
        }
    }

    [Fact]
    public void Nesting_beyond_what_JSON_is_read_to_is_left_alone() =>
        Assert.Empty(JsonMender.Find(new string('[', 100) + new string(']', 100)));

    [Fact]
    public void Garbage_throws_nothing_and_what_is_found_is_always_valid()
    {
        const string Letters = "{}[]\"':,\\/*#ntu0d83-.e+_ \n\uFEFF\uD83D\uDE42\u201C\u201Dabc`";
        var random = new Random(6);
        for (var round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder();
            for (var i = random.Next(40); i > 0; i--)
                text.Append(Letters[random.Next(Letters.Length)]);
            foreach (var found in JsonMender.Find(text.ToString()))
                Assert.True(LooseJson.TryParse(found.Text, out _), $"{text} -> {found.Text}");
        }
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("{\"a\":")]
    [InlineData("[1,")]
    [InlineData("[/*")]
    [InlineData("[\" ")]
    [InlineData("{a} ")]
    [InlineData("{\"a\":\"")]
    [InlineData("[ '")]
    [InlineData("\\ud83d")]
    public void Time_grows_with_the_text_and_no_faster(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 400_000 / unit.Length));
        var started = Stopwatch.GetTimestamp();

        var found = JsonMender.Find(text);
        Assert.False(LooseJson.TryParse(text, out _) && found.Count > 0);

        // It takes milliseconds; in proportion to the square it would take many minutes.
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(15));
    }

    private static bool Same(string left, string right) => JsonElement.DeepEquals(JsonElement.Parse(left), JsonElement.Parse(right));
}

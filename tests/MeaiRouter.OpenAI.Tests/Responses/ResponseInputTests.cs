using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests.Responses;

public sealed class ResponseInputTests
{
    [Theory]
    [InlineData("\"Hello\"")]
    [InlineData("""[{"role":"user","content":"Hello"}]""")]
    [InlineData("""[{"type":"message","role":"user","content":[{"type":"input_text","text":"Hello"}],"id":"msg_1","status":"completed"}]""")]
    public void A_text_is_what_the_user_says(string input) =>
        Codec.Wire.EqualJson("""[{"role":"user","content":"Hello"}]""", ResponseWire.SentMessages(input));

    [Fact]
    public void Instructions_stand_before_the_conversation_and_roles_stay_as_they_are() => Codec.Wire.EqualJson(
        """
        {"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"developer","content":"Use metric units."},
          {"role":"system","content":"Be kind."},{"role":"user","content":"Hello"},{"role":"assistant","content":"Hi"},{"role":"user","content":"How are you?"}]}
        """,
        ResponseWire.Sent(
            """
            {"model":"m","instructions":"Be brief.","input":[{"role":"developer","content":"Use metric units."},{"role":"system","content":"Be kind."},
              {"role":"user","content":"Hello"},
              {"type":"message","role":"assistant","id":"msg_1","status":"completed","content":[{"type":"output_text","text":"Hi","annotations":[],"logprobs":[]}]},
              {"role":"user","content":"How are you?"}]}
            """));

    [Fact]
    public void Images_files_sound_and_video_travel() => Codec.Wire.EqualJson(
        """
        [{"role":"user","content":[
          {"type":"text","text":"Look"},
          {"type":"image_url","image_url":{"url":"https://a.example/cat.png","detail":"low"}},
          {"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}},
          {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AQID"}},
          {"type":"file","file":{"filename":"file.pdf","file_data":"https://a.example/b.pdf"}},
          {"type":"file","file":{"file_id":"file-1"}},
          {"type":"input_audio","input_audio":{"data":"AQID","format":"mp3"}},
          {"type":"video_url","video_url":{"url":"https://a.example/c.mp4"}},
          {"type":"text","text":"cached","cache_control":{"type":"ephemeral"}}]}]
        """,
        ResponseWire.SentMessages(
            """
            [{"role":"user","content":[
              {"type":"input_text","text":"Look"},
              {"type":"input_image","image_url":"https://a.example/cat.png","detail":"low"},
              {"type":"input_image","image_url":"data:image/png;base64,AQID"},
              {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AQID"},
              {"type":"input_file","file_url":"https://a.example/b.pdf"},
              {"type":"input_file","file_id":"file-1"},
              {"type":"input_audio","input_audio":{"data":"AQID","format":"mp3"}},
              {"type":"input_video","video_url":"https://a.example/c.mp4"},
              {"type":"input_text","text":"cached","cache_control":{"type":"ephemeral"}}]}]
            """));

    [Fact]
    public void What_the_model_made_in_one_turn_is_one_message_and_its_results_follow() => Codec.Wire.EqualJson(
        """
        [{"role":"user","content":"Weather?"},
         {"role":"assistant","content":"Let me look.","reasoning":"Hm.","tool_calls":[
           {"id":"call_a","type":"function","function":{"name":"weather","arguments":"{ \"city\": \"Oslo\" }"}},
           {"id":"call_b","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Łódź\"}"}}]},
         {"role":"tool","tool_call_id":"call_a","content":"rain"},
         {"role":"tool","tool_call_id":"call_b","content":[{"type":"text","text":"sun"},{"type":"image_url","image_url":{"url":"https://a.example/sky.png"}}]},
         {"role":"assistant","content":"Oslo: rain."},
         {"role":"assistant","content":"Łódź: sun."}]
        """,
        ResponseWire.SentMessages(
            """
            [{"role":"user","content":"Weather?"},
             {"type":"reasoning","id":"rs_anon_1_0","summary":[],"content":[{"type":"reasoning_text","text":"Hm."}]},
             {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Let me look.","annotations":[]}]},
             {"type":"function_call","id":"fc_1","call_id":"call_a","name":"weather","arguments":"{ \"city\": \"Oslo\" }","status":"completed"},
             {"type":"function_call","call_id":"call_b","name":"weather","arguments":"{\"city\":\"Łódź\"}"},
             {"type":"function_call_output","call_id":"call_a","output":"rain"},
             {"type":"function_call_output","call_id":"call_b","output":[{"type":"input_text","text":"sun"},{"type":"input_image","image_url":"https://a.example/sky.png"}]},
             {"role":"assistant","content":"Oslo: rain."},
             {"role":"assistant","content":"Łódź: sun."}]
            """));

    [Fact]
    public void A_refusal_stays_one() => Codec.Wire.EqualJson(
        """[{"role":"assistant","content":null,"refusal":"No."},{"role":"user","content":"Why?"}]""",
        ResponseWire.SentMessages("""[{"role":"assistant","content":[{"type":"refusal","refusal":"No."}]},{"role":"user","content":"Why?"}]"""));

    [Fact]
    public void An_image_that_the_model_made_is_a_content_of_its_message()
    {
        var (messages, _) = ResponseWire.Read(
            """{"model":"m","input":[{"type":"image_generation_call","id":"ig_1","status":"completed","result":"AQID"},{"role":"user","content":"Bluer."}]}""");

        Assert.Equal([ChatRole.Assistant, ChatRole.User], messages.Select(message => message.Role));
        Assert.Equal("data:image/png;base64,AQID", Assert.IsType<DataContent>(Assert.Single(messages[0].Contents)).Uri);
    }

    [Fact]
    public void Citations_are_kept_on_the_text()
    {
        var (messages, _) = ResponseWire.Read(
            """
            {"model":"m","input":[{"role":"assistant","content":[{"type":"output_text","text":"It rains.","annotations":[
              {"type":"url_citation","url":"https://a.example/x","title":"T","start_index":0,"end_index":9},{"type":"file_citation","file_id":"f","index":1}]}]}]}
            """);

        var annotations = Assert.IsType<TextContent>(Assert.Single(messages[0].Contents)).Annotations!;
        var citation = Assert.IsType<CitationAnnotation>(annotations[0]);
        Assert.Equal((new Uri("https://a.example/x"), "T"), (citation.Url, citation.Title));
        Assert.Equal((0, 9), (((TextSpanAnnotatedRegion)citation.AnnotatedRegions![0]).StartIndex, ((TextSpanAnnotatedRegion)citation.AnnotatedRegions[0]).EndIndex));
        Assert.IsNotType<CitationAnnotation>(annotations[1]);
    }

    [Theory]
    [InlineData("""{"model":"m"}""", "`input` is missing: it must be a string or an array of at least one item such as {\"role\":\"user\",\"content\":\"Hello\"}.")]
    [InlineData("""{"model":"m","input":[]}""", "`input` is empty: it must be a string or an array of at least one item such as {\"role\":\"user\",\"content\":\"Hello\"}.")]
    [InlineData("""{"model":"m","input":7}""", "`input` is 7: it must be a string or an array of at least one item such as {\"role\":\"user\",\"content\":\"Hello\"}.")]
    [InlineData("""{"model":"m","input":[{"content":"x"}]}""", "`input[0].role` is missing: it must be \"user\", \"assistant\", \"system\" or \"developer\".")]
    [InlineData("""{"model":"m","input":[{"role":"tool","content":"x"}]}""", "`input[0].role` is \"tool\": it must be \"user\", \"assistant\", \"system\" or \"developer\".")]
    [InlineData("""{"model":"m","input":[{"role":"user"}]}""", "`input[0].content` is missing: it must be a string or an array of content parts.")]
    [InlineData("""{"model":"m","input":[{"role":"user","content":[{"type":"input_text","text":5}]}]}""", "`input[0].content[0].text` is 5: it must be a string.")]
    [InlineData("""{"model":"m","input":[{"role":"user","content":[{"type":"input_image","image_url":"cat.png"}]}]}""", "`input[0].content[0].image_url` holds neither an absolute URI nor valid base64: it must be an https: or data: URI.")]
    [InlineData("""{"model":"m","input":[{"role":"user","content":[{"type":"input_image","image_url":{"url":"x"}}]}]}""", "`input[0].content[0].image_url` is an object: it must be an https: or data: URI.")]
    [InlineData("""{"model":"m","input":[{"role":"user","content":[{"type":"input_file"}]}]}""", "`input[0].content[0].file_data` is missing, and so are file_url and file_id: it must be a data: URI such as data:application/pdf;base64,....")]
    [InlineData("""{"model":"m","input":[{"role":"user","content":[{"type":"computer_screenshot"}]}]}""", "`input[0].content[0].type` is \"computer_screenshot\": it must be \"input_text\", \"input_image\", \"input_file\", \"input_audio\", \"input_video\", \"output_text\" or \"refusal\".")]
    [InlineData("""{"model":"m","input":[{"type":"function_call","name":"f"}]}""", "`input[0].call_id` is missing: it must be a string.")]
    [InlineData("""{"model":"m","input":[{"type":"function_call_output","call_id":"a"}]}""", "`input[0].output` is missing: it must be a string or an array of content parts.")]
    [InlineData("""{"model":"m","input":[{"type":"item_reference","id":"msg_1"}]}""", "`input[0].type` is \"item_reference\": nothing is kept here to refer to. Send the item itself.")]
    [InlineData("""{"model":"m","input":[{"type":"web_search_call","id":"ws_1","status":"completed"}]}""", "`input[0].type` is \"web_search_call\": it must be \"message\", \"reasoning\", \"function_call\", \"function_call_output\" or \"image_generation_call\".")]
    [InlineData("""{"model":"m","input":[{"type":"computer_call_output","call_id":"a","output":{"type":"computer_screenshot"}}]}""", "`input[0].type` is \"computer_call_output\": it must be \"message\", \"reasoning\", \"function_call\", \"function_call_output\" or \"image_generation_call\".")]
    [InlineData("{", null)]
    public void What_cannot_be_understood_is_refused_by_name(string body, string? message)
    {
        var exception = Assert.Throws<RouterException>(() => ResponseWire.Read(body));

        Assert.Equal(FailureKind.InvalidRequest, exception.Kind);
        if (message is null)
            Assert.StartsWith("The request's body is not valid JSON: ", exception.Message, StringComparison.Ordinal);
        else
            Assert.Equal(message, exception.Message);
    }
}

namespace MeaiRouter.Gateway.Tests.Accounts;

public sealed class FeedbackTests : AccountTest
{
    [Fact]
    public async Task A_caller_says_what_he_thinks_of_his_own_answers_and_the_generation_shows_it()
    {
        FirstScript.Always(Answer);
        await using var gateway = await StartAsync(Ledger);
        var (team, _) = await CreateAsync(gateway, new { name = "team" });
        var (other, _) = await CreateAsync(gateway, new { name = "other" });
        var id = (await gateway.PostAsync(Hello(streaming: false), team)).Id;

        var said = await gateway.PostAsync(new { generation_id = id, category = "incorrect", comment = "Paris is no river." }, team, "/v1/generation/feedback");
        var stranger = await gateway.PostAsync(new { generation_id = id, category = "incorrect" }, other, "/v1/generation/feedback");
        var wrong = await gateway.PostAsync(new { generation_id = id }, team, "/v1/generation/feedback");

        Assert.Equal((200, 404, 400), (said.Status, stranger.Status, wrong.Status));
        Assert.Equal("'category' is missing. Send a word for what it is about, such as 'incorrect'.", (string)wrong.Error["message"]!);
        var shown = Assert.Single((await gateway.GetAsync($"/v1/generation?id={id}", team)).Json["data"]!["feedback"]!.AsArray())!;
        Assert.Equal(("incorrect", "Paris is no river.", "team"), ((string)shown["category"]!, (string)shown["comment"]!, (string)shown["key_name"]!));
    }

    [Fact]
    public async Task Without_a_database_there_is_nowhere_to_keep_it_and_that_is_said()
    {
        await using var gateway = await StartAsync();

        var answer = await ManageAsync(gateway, HttpMethod.Post, "/generation/feedback", new { generation_id = "gen-1", category = "incorrect" });

        Assert.Equal(501, answer.Status);
    }
}

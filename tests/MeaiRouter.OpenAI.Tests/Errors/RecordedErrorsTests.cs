using System.Text;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Errors;

namespace MeaiRouter.OpenAI.Tests.Errors;

/// <summary>What each provider answers when it refuses, in the form its documentation gives, and what is read from it.</summary>
public sealed class RecordedErrorsTests
{
    private const string NoHeader = "";

    public static TheoryData<string, int, string, string, Read> Refusals() => new()
    {
        // https://platform.openai.com/docs/guides/error-codes
        { "openai", 429, "x-request-id: req_1", """{"error":{"message":"You exceeded your current quota, please check your plan.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""", new(FailureKind.PaymentRequired, "You exceeded your current quota, please check your plan.", "insufficient_quota", "req_1") },
        { "openai", 400, "x-request-id: req_2", """{"error":{"message":"Unsupported value: 'temperature' does not support 0.2 with this model.","type":"invalid_request_error","param":"temperature","code":"unsupported_value"}}""", new(FailureKind.InvalidRequest, "Unsupported value: 'temperature' does not support 0.2 with this model.", "unsupported_value", "req_2") },

        // https://learn.microsoft.com/azure/ai-foundry/openai/concepts/content-filter, /quotas-limits
        { "azure", 400, "apim-request-id: ap-1", """{"error":{"message":"The response was filtered.","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":true,"severity":"high"}}}}}""", new(FailureKind.ContentFiltered, "The response was filtered.", "content_filter", "ap-1") },
        { "azure", 400, NoHeader, """{"error":{"message":"Filtered.","code":"BadRequest","innererror":{"code":"ResponsibleAIPolicyViolation"}}}""", new(FailureKind.ContentFiltered, "Filtered.", "BadRequest", null) },
        { "azure", 429, "x-request-id: z", """{"error":{"code":"429","message":"Requests have exceeded the call rate limit of your current pricing tier. Please retry after 6 seconds."}}""", new(FailureKind.RateLimited, "Requests have exceeded the call rate limit of your current pricing tier. Please retry after 6 seconds.", "429", "z", 6) },
        { "azure", 429, NoHeader, """{"statusCode":429,"message":"Rate limit is exceeded. Try again in 12 seconds."}""", new(FailureKind.RateLimited, "Rate limit is exceeded. Try again in 12 seconds.", null, null, 12) },
        { "azure", 404, NoHeader, """{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}""", new(FailureKind.ModelNotFound, "The API deployment for this resource does not exist.", "DeploymentNotFound", null) },

        // https://docs.anthropic.com/en/api/errors
        { "anthropic", 529, "request-id: req_a", """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_b"}""", new(FailureKind.Overloaded, "Overloaded", "overloaded_error", "req_a") },
        { "anthropic", 400, NoHeader, """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"},"request_id":"req_b"}""", new(FailureKind.ContextTooLong, "prompt is too long: 210000 tokens > 200000 maximum", "invalid_request_error", "req_b") },

        // https://ai.google.dev/gemini-api/docs/troubleshooting
        { "gemini", 429, NoHeader, """[{"error":{"code":429,"message":"Quota exceeded.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"37s"}]}}]""", new(FailureKind.RateLimited, "Quota exceeded.", "RESOURCE_EXHAUSTED", null, 37) },
        { "gemini", 400, NoHeader, """[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]}}]""", new(FailureKind.Unauthorized, "API key not valid. Please pass a valid API key.", "INVALID_ARGUMENT", null) },
        { "gemini", 400, NoHeader, """[{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}]""", new(FailureKind.PermissionDenied, "User location is not supported for the API use.", "FAILED_PRECONDITION", null) },
        { "vertex", 403, NoHeader, """{"error":{"code":403,"message":"Permission denied on resource project p.","status":"PERMISSION_DENIED"}}""", new(FailureKind.PermissionDenied, "Permission denied on resource project p.", "PERMISSION_DENIED", null) },

        // https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html
        { "bedrock", 429, "x-amzn-requestid: amz-1|x-amzn-errortype: ThrottlingException:http://internal.amazon.com/", """{"message":"Too many requests, please wait before trying again."}""", new(FailureKind.RateLimited, "Too many requests, please wait before trying again.", "ThrottlingException", "amz-1") },
        { "bedrock", 400, "x-amzn-requestid: amz-2|x-amzn-errortype: ValidationException", """{"message":"Input is too long for requested model."}""", new(FailureKind.ContextTooLong, "Input is too long for requested model.", "ValidationException", "amz-2") },
        { "bedrock", 403, "x-amzn-errortype: ExpiredTokenException", """{"message":"The security token included in the request is expired"}""", new(FailureKind.Unauthorized, "The security token included in the request is expired", "ExpiredTokenException", null) },
        { "bedrock", 424, "x-amzn-errortype: ModelErrorException", """{"message":"The model failed."}""", new(FailureKind.ServerError, "The model failed.", "ModelErrorException", null) },

        // https://docs.mistral.ai/api
        { "mistral", 422, NoHeader, """{"detail":[{"type":"extra_forbidden","loc":["body","top_k"],"msg":"Extra inputs are not permitted","input":4}]}""", new(FailureKind.InvalidRequest, "body.top_k: Extra inputs are not permitted", null, null) },
        { "mistral", 400, NoHeader, """{"object":"error","message":"Prompt contains 40000 tokens, too large for model with 32768 maximum context length","type":"invalid_request_error","param":null,"code":"3051"}""", new(FailureKind.ContextTooLong, "Prompt contains 40000 tokens, too large for model with 32768 maximum context length", "3051", null) },
        { "mistral", 401, NoHeader, """{"message":"Unauthorized","request_id":"m-1"}""", new(FailureKind.Unauthorized, "Unauthorized", null, "m-1") },

        // https://console.groq.com/docs/errors, /docs/structured-outputs, /docs/tool-use
        { "groq", 400, "x-request-id: g", """{"error":{"message":"Failed to generate JSON.","type":"invalid_request_error","code":"json_validate_failed","failed_generation":"{\"a\":"}}""", new(FailureKind.SchemaMismatch, "Failed to generate JSON.", "json_validate_failed", "g") },
        { "groq", 400, NoHeader, """{"error":{"message":"Failed to call a function.","type":"invalid_request_error","code":"tool_use_failed","failed_generation":"<function=f>"}}""", new(FailureKind.MalformedAnswer, "Failed to call a function.", "tool_use_failed", null) },
        { "groq", 429, NoHeader, """{"error":{"message":"Rate limit reached for model `m` on tokens per minute. Please try again in 7.66s.","type":"tokens","code":"rate_limit_exceeded"}}""", new(FailureKind.RateLimited, "Rate limit reached for model `m` on tokens per minute. Please try again in 7.66s.", "rate_limit_exceeded", null, 7.66) },
        { "groq", 498, NoHeader, """{"error":{"message":"Flex tier capacity exceeded","type":"flex"}}""", new(FailureKind.Overloaded, "Flex tier capacity exceeded", "flex", null) },

        // https://docs.x.ai/docs/key-information/debugging
        { "xai", 400, NoHeader, """{"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***zz."}""", new(FailureKind.Unauthorized, "Incorrect API key provided: xa***zz.", "Client specified an invalid argument", null) },
        { "xai", 403, NoHeader, """{"code":"The caller does not have permission to execute the specified operation","error":"Content violates usage guidelines."}""", new(FailureKind.ContentFiltered, "Content violates usage guidelines.", "The caller does not have permission to execute the specified operation", null) },

        // https://docs.together.ai/docs/error-codes
        { "together", 404, NoHeader, """{"id":"o","error":{"message":"Unable to access model x.","type":"invalid_request_error","param":null,"code":"model_not_available"}}""", new(FailureKind.ModelNotFound, "Unable to access model x.", "model_not_available", null) },
        { "together", 503, NoHeader, """{"error":{"message":"The engine is currently overloaded","type":"service_unavailable","param":null,"code":"engine_overloaded"}}""", new(FailureKind.Overloaded, "The engine is currently overloaded", "engine_overloaded", null) },

        // https://docs.fireworks.ai/guides/inference-error-codes
        { "fireworks", 412, NoHeader, """{"error":{"object":"error","type":"invalid_request_error","code":"PRECONDITION_FAILED","message":"Account acme is suspended."}}""", new(FailureKind.PermissionDenied, "Account acme is suspended.", "PRECONDITION_FAILED", null) },
        { "fireworks", 404, NoHeader, """{"error":{"object":"error","type":"invalid_request_error","code":"NOT_FOUND","message":"Model not found, inaccessible, and/or not deployed"}}""", new(FailureKind.ModelNotFound, "Model not found, inaccessible, and/or not deployed", "NOT_FOUND", null) },

        // FastAPI's form.
        { "deepinfra", 401, NoHeader, """{"detail":"Invalid token"}""", new(FailureKind.Unauthorized, "Invalid token", null, null) },
        { "deepinfra", 422, NoHeader, """{"detail":{"error":"inference prohibited, please enter a payment method"}}""", new(FailureKind.InvalidRequest, "inference prohibited, please enter a payment method", null, null) },

        // https://docs.cohere.com/reference/errors
        { "cohere", 401, "x-debug-trace-id: co-1", """{"id":"7","message":"invalid api token"}""", new(FailureKind.Unauthorized, "invalid api token", null, "co-1") },
        { "cohere", 400, NoHeader, """{"message":"too many tokens: total number of tokens in the prompt exceeds the limit"}""", new(FailureKind.ContextTooLong, "too many tokens: total number of tokens in the prompt exceeds the limit", null, null) },

        // https://developers.cloudflare.com/workers-ai/platform/errors/
        { "cloudflare", 401, "cf-ray: 8f-ZRH", """{"result":null,"success":false,"errors":[{"code":10000,"message":"Authentication error"}],"messages":[]}""", new(FailureKind.Unauthorized, "Authentication error", "10000", "8f-ZRH") },
        { "cloudflare", 400, NoHeader, """{"errors":[{"message":"AiError: No such model @cf/x/y or task","code":5007}],"success":false,"result":{},"messages":[]}""", new(FailureKind.ModelNotFound, "AiError: No such model @cf/x/y or task", "5007", null) },

        // https://huggingface.co/docs/inference-providers
        { "huggingface", 402, NoHeader, """{"error":"You have exceeded your monthly included credits for Inference Providers."}""", new(FailureKind.PaymentRequired, "You have exceeded your monthly included credits for Inference Providers.", null, null) },
        { "huggingface", 422, NoHeader, """{"error":["Input validation error","`max_tokens` must be positive"]}""", new(FailureKind.InvalidRequest, "Input validation error; `max_tokens` must be positive", null, null) },

        // https://docs.ollama.com/api/errors
        { "ollama", 404, NoHeader, """{"error":"model 'x' not found"}""", new(FailureKind.ModelNotFound, "model 'x' not found", null, null) },
        { "ollama", 404, NoHeader, """{"error":{"message":"model \"x\" not found, try pulling it first","type":"not_found_error","param":null,"code":null}}""", new(FailureKind.ModelNotFound, "model \"x\" not found, try pulling it first", "not_found_error", null) },

        // https://docs.vllm.ai: its old form and its new one
        { "vllm", 400, NoHeader, """{"object":"error","message":"This model's maximum context length is 4096 tokens.","type":"BadRequestError","param":null,"code":400}""", new(FailureKind.ContextTooLong, "This model's maximum context length is 4096 tokens.", "BadRequestError", null) },
        { "vllm", 404, NoHeader, """{"error":{"message":"The model `x` does not exist.","type":"NotFoundError","param":"model","code":404}}""", new(FailureKind.ModelNotFound, "The model `x` does not exist.", "NotFoundError", null) },

        // https://github.com/ggml-org/llama.cpp/tree/master/tools/server
        { "llamacpp", 400, NoHeader, """{"error":{"code":400,"message":"the request exceeds the available room","type":"exceed_context_size_error","n_prompt_tokens":1089,"n_ctx":1024}}""", new(FailureKind.ContextTooLong, "the request exceeds the available room", "exceed_context_size_error", null) },
        { "llamacpp", 503, NoHeader, """{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}""", new(FailureKind.Unavailable, "Loading model", "unavailable_error", null) },
        { "llamacpp", 501, NoHeader, """{"error":{"code":501,"message":"This server does not support images.","type":"not_supported_error"}}""", new(FailureKind.Unsupported, "This server does not support images.", "not_supported_error", null) },

        // https://openrouter.ai/docs/api/reference/errors-and-debugging
        { "openrouter", 400, "x-generation-id: gen-1", """{"error":{"code":400,"message":"Provider returned error","metadata":{"provider_name":"Acme","raw":"{\"error\":{\"message\":\"Too long.\",\"code\":\"context_length_exceeded\"}}"}},"user_id":"u"}""", new(FailureKind.ContextTooLong, "Provider returned error (Acme): Too long.", "400", "gen-1") },
        { "openrouter", 429, NoHeader, """{"error":{"code":429,"message":"Provider returned error","metadata":{"provider_name":"Acme","raw":"acme/m is temporarily rate-limited upstream.","error_type":"rate_limit_exceeded"}}}""", new(FailureKind.RateLimited, "Provider returned error (Acme): acme/m is temporarily rate-limited upstream.", "rate_limit_exceeded", null) },

        // https://docs.z.ai/api-reference/api-code
        { "zai", 429, NoHeader, """{"error":{"code":"1302","message":"High concurrency usage of this API."}}""", new(FailureKind.RateLimited, "High concurrency usage of this API.", "1302", null) },
        { "zai", 429, NoHeader, """{"error":{"code":"1113","message":"Insufficient balance or no resource package."}}""", new(FailureKind.PaymentRequired, "Insufficient balance or no resource package.", "1113", null) },
        { "zai", 400, NoHeader, """{"error":{"code":"1301","message":"Potentially unsafe or sensitive content."}}""", new(FailureKind.ContentFiltered, "Potentially unsafe or sensitive content.", "1301", null) },

        // https://platform.minimax.io/docs/api-reference/errorcode
        { "minimax", 401, "trace-id: mm-1", """{"base_resp":{"status_code":2049,"status_msg":"invalid api key"}}""", new(FailureKind.Unauthorized, "invalid api key", "2049", "mm-1") },

        // https://www.alibabacloud.com/help/en/model-studio/error-code
        { "alibaba", 400, NoHeader, """{"error":{"code":"data_inspection_failed","param":null,"message":"Input data may contain inappropriate content.","type":"data_inspection_failed"},"id":"c","request_id":"al-1"}""", new(FailureKind.ContentFiltered, "Input data may contain inappropriate content.", "data_inspection_failed", "al-1") },
        { "alibaba", 400, NoHeader, """{"error":{"code":"Arrearage","message":"Access denied, please make sure your account is in good standing."},"request_id":"al-2"}""", new(FailureKind.PaymentRequired, "Access denied, please make sure your account is in good standing.", "Arrearage", "al-2") },
        { "alibaba", 401, NoHeader, """{"code":"InvalidApiKey","message":"Invalid API-key provided.","request_id":"al-3"}""", new(FailureKind.Unauthorized, "Invalid API-key provided.", "InvalidApiKey", "al-3") },
        { "alibaba", 400, NoHeader, """{"error":{"code":"invalid_parameter_error","message":"Range of input length should be [1, 30720]","type":"invalid_request_error"}}""", new(FailureKind.ContextTooLong, "Range of input length should be [1, 30720]", "invalid_parameter_error", null) },

        // https://docs.perplexity.ai
        { "perplexity", 400, "cf-ray: p", """{"error":{"message":"Last message must have role `user`.","type":"invalid_message","code":400}}""", new(FailureKind.InvalidRequest, "Last message must have role `user`.", "invalid_message", "p") },

        // https://docs.api.nvidia.com: application/problem+json
        { "nvidia", 404, "nvcf-reqid: nv-0", """{"type":"about:blank","title":"Not Found","status":404,"detail":"Function not found for account","requestId":"nv-1"}""", new(FailureKind.ModelNotFound, "Function not found for account", null, "nv-0") },
        { "nvidia", 402, NoHeader, """{"type":"urn:nvcf:problem-details:payment-required","title":"Payment Required","status":402,"detail":"Cloud credits expired","requestId":"nv-1"}""", new(FailureKind.PaymentRequired, "Cloud credits expired", "urn:nvcf:problem-details:payment-required", "nv-1") },

        // https://platform.moonshot.ai/docs/api/chat#error-explanation
        { "moonshot", 429, "msh-request-id: ms-1", """{"error":{"message":"The engine is currently overloaded, please try again later","type":"engine_overloaded_error"}}""", new(FailureKind.Overloaded, "The engine is currently overloaded, please try again later", "engine_overloaded_error", "ms-1") },
        { "moonshot", 429, NoHeader, """{"error":{"message":"You exceeded your current token quota, please check your account balance","type":"exceeded_current_quota_error"}}""", new(FailureKind.PaymentRequired, "You exceeded your current token quota, please check your account balance", "exceeded_current_quota_error", null) },
        { "moonshot", 400, NoHeader, """{"error":{"message":"The request was rejected because it was considered high risk","type":"content_filter"}}""", new(FailureKind.ContentFiltered, "The request was rejected because it was considered high risk", "content_filter", null) },

        // https://docs.sambanova.ai, https://inference-docs.cerebras.ai/support/error
        { "sambanova", 429, NoHeader, """{"error":{"code":null,"message":"Rate limit exceeded","param":null,"type":"rate_limit_exceeded"},"request_id":"sn-1"}""", new(FailureKind.RateLimited, "Rate limit exceeded", "rate_limit_exceeded", "sn-1") },
        { "cerebras", 401, NoHeader, """{"message":"Wrong API Key","type":"invalid_request_error","param":"api_key","code":"wrong_api_key"}""", new(FailureKind.Unauthorized, "Wrong API Key", "wrong_api_key", null) },
        { "cerebras", 429, NoHeader, """{"message":"We're experiencing high traffic right now!","type":"too_many_requests_error","param":"queue","code":"queue_exceeded"}""", new(FailureKind.Overloaded, "We're experiencing high traffic right now!", "queue_exceeded", null) },

        // https://api-docs.deepseek.com/quick_start/error_codes, https://docs.github.com/en/github-models
        { "deepseek", 402, "x-ds-trace-id: d|cf-ray: ds", """{"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,"code":"invalid_request_error"}}""", new(FailureKind.PaymentRequired, "Insufficient Balance", "invalid_request_error", "ds") },
        { "github", 413, NoHeader, """{"error":{"code":"tokens_limit_reached","message":"Request body too large for gpt-4o model. Max size: 8000 tokens.","details":"x"}}""", new(FailureKind.ContextTooLong, "Request body too large for gpt-4o model. Max size: 8000 tokens.", "tokens_limit_reached", null) },
    };

    [Theory, MemberData(nameof(Refusals))]
    public void A_provider_s_refusal_is_read_with_its_own_words_code_and_request_id(string provider, int status, string headers, string body, Read expected)
    {
        using var response = new HttpResponseMessage();
        foreach (var header in headers.Split('|', StringSplitOptions.RemoveEmptyEntries))
            response.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);

        var failure = ProviderErrors.FromHttp(provider, status, response.Headers, Encoding.UTF8.GetBytes(body));

        Assert.Equal(
            (expected.Kind, status, provider, $"{provider} answered {status}: {expected.Words}", expected.Code, expected.RequestId, expected.RetryAfter),
            (failure.Kind, failure.Status, failure.Provider, failure.Message, failure.ProviderCode, failure.RequestId, failure.RetryAfter?.TotalSeconds));
    }

    [Fact]
    public void Every_known_provider_has_a_recorded_refusal()
    {
        // They share the server of another, or its form.
        string[] likeOthers = ["vertex-global", "lmstudio"];

        Assert.Equal(
            KnownProviders.All.Select(static provider => provider.Name).Except(likeOthers).Order(),
            Refusals().Select(static row => (string)row[0]).Distinct().Order());
    }

    [Theory]
    [InlineData("""{"base_resp":{"status_code":1008,"status_msg":"insufficient balance"},"choices":null}""", FailureKind.PaymentRequired, "1008", "insufficient balance")]
    [InlineData("""{"base_resp":{"status_code":1002,"status_msg":"rate limit"}}""", FailureKind.RateLimited, "1002", "rate limit")]
    [InlineData("""{"base_resp":{"status_code":1027,"status_msg":"output new_sensitive"},"choices":[]}""", FailureKind.ContentFiltered, "1027", "output new_sensitive")]
    [InlineData("""{"base_resp":{"status_code":4711,"status_msg":"odd"}}""", FailureKind.Unknown, "4711", "odd")]
    [InlineData("""{"success":false,"errors":[{"code":7003,"message":"Could not route"}],"result":null}""", FailureKind.Unknown, "7003", "Could not route")]
    [InlineData("""{"error":{"code":429,"message":"Provider returned error","metadata":{"raw":"Slow down"}}}""", FailureKind.RateLimited, "429", "Provider returned error: Slow down")]
    public void A_failure_in_an_answer_of_status_200_is_one_in_both_modes(string json, FailureKind kind, string code, string words)
    {
        foreach (var failure in (RouterException[])[Assert.Throws<RouterException>(() => Codec.Wire.Whole(json)), Assert.Throws<RouterException>(() => Codec.Wire.Updates(json))])
            Assert.Equal((kind, code, $"acme broke off its answer with an error: {words}"), (failure.Kind, failure.ProviderCode, failure.Message));
    }

    [Fact]
    public void An_answer_whose_base_resp_says_that_all_is_well_is_one()
    {
        const string Json = """{"base_resp":{"status_code":0,"status_msg":""},"choices":[{"index":0,"{0}":{"content":"Hi"},"finish_reason":"stop"}]}""";

        Assert.Equal("Hi", Codec.Wire.Whole(Json.Replace("{0}", "message", StringComparison.Ordinal)).Text);
        Assert.Equal("Hi", string.Concat(Codec.Wire.Updates(Json.Replace("{0}", "delta", StringComparison.Ordinal)).Select(static update => update.Text)));
    }

    /// <summary>What is to be read from a refusal.</summary>
    public sealed record Read(FailureKind Kind, string Words, string? Code, string? RequestId, double? RetryAfter = null);
}

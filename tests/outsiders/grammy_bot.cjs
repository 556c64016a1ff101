// A bot of another library, in another language, to prove the fake: what it sends must be taken, what
// it gets must be understood. GRAMMY is the folder of the package, API_ROOT and TOKEN are the fake's.
const { Bot, GrammyError, InlineKeyboard, InputFile } = require(process.env.GRAMMY);

const bot = new Bot(process.env.TOKEN, { client: { apiRoot: process.env.API_ROOT } });
const picture = Buffer.from(process.env.PICTURE, "base64");

bot.command("start", (ctx) =>
  ctx.reply(`<b>Chào</b> ${ctx.from.first_name}: ${ctx.match}`, {
    parse_mode: "HTML",
    reply_markup: new InlineKeyboard()
      .text("Một", "q:0")
      .row()
      .copyText("Chép", "Điều 24")
      .url("Mở", `https://t.me/${ctx.me.username}?start=src_1`),
  }),
);
bot.command("anh", (ctx) => ctx.replyWithPhoto(new InputFile(picture, "a.png"), { caption: "ảnh" }));
bot.command("hong", async (ctx) => {
  try {
    await ctx.reply("<b>hỏng", { parse_mode: "HTML" });
  } catch (error) {
    if (!(error instanceof GrammyError)) throw error;
    await ctx.reply(`${error.error_code} ${error.description}`);
  }
});
bot.command("ai", async (ctx) => {
  const member = await ctx.getChatMember(ctx.from.id);
  await ctx.reply(member.status, {
    message_thread_id: ctx.msg.message_thread_id,
    reply_parameters: { message_id: ctx.msg.message_id },
  });
});
bot.callbackQuery("q:0", async (ctx) => {
  await ctx.answerCallbackQuery("cảm ơn");
  await ctx.editMessageText("đã đổi", { reply_markup: new InlineKeyboard().text("Hai", "q:1") });
});
bot.inlineQuery(/điều (\d+)/, (ctx) =>
  ctx.answerInlineQuery(
    [
      {
        type: "article",
        id: ctx.match[1],
        title: ctx.match[0],
        input_message_content: { message_text: `<i>${ctx.match[0]}</i>`, parse_mode: "HTML" },
      },
    ],
    { is_personal: true, cache_time: 0 },
  ),
);
bot.on("edited_message:text", (ctx) => ctx.reply(`sửa: ${ctx.editedMessage.text}`));
bot.on("message:voice", (ctx) => ctx.reply(`nghe ${ctx.msg.voice.duration} giây`));
bot.on("message:text", async (ctx) => {
  await ctx.replyWithChatAction("typing");
  await ctx.reply(`${ctx.msg.text} (${ctx.msg.reply_to_message?.text ?? "không trả lời ai"})`);
});
bot.catch((fault) => {
  console.error(fault.error);
  process.exit(1);
});
bot.start({ onStart: () => console.log("started") });
process.once("SIGTERM", () => bot.stop());

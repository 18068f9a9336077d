/** How a program of this section answers: its reading as JSON, or an error in one line. */
export async function answer(measure: () => object | Promise<object>): Promise<void> {
  try {
    console.log(JSON.stringify(await measure()));
  } catch (error) {
    console.error(String(error));
    process.exitCode = 1;
  }
}
